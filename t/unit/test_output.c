/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_output.c - what a plugin printed, taken apart */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

#include "base/buf.h"
#include "plug/output.h"

static void
add_span(struct buf *b, const struct span *s)
{
	buf_add(b, s->p, s->n);
}

/*
 * An output as one text: <text>, then [label=value uom] an item, (word) what
 * is none, "bad" if nobody knows what is, and for each line its indent, the
 * state of a sub-result, and the line.
 */
static char *
parsed(const char *text, size_t n)
{
	/* Exactly n bytes of memory: a look behind them is an error. */
	char *bytes = malloc(n != 0 ? n : 1);
	struct buf b = BUF_INIT;
	struct output o;
	size_t i;

	memcpy(bytes, text, n);
	output_parse(&o, bytes, n);
	buf_addc(&b, '<');
	add_span(&b, &o.text);
	buf_addc(&b, '>');
	for (i = 0; i < o.nperf; i++) {
		buf_adds(&b, " [");
		add_span(&b, &o.perf[i].label);
		buf_addc(&b, '=');
		add_span(&b, &o.perf[i].value);
		buf_addc(&b, ' ');
		add_span(&b, &o.perf[i].uom);
		buf_addc(&b, ']');
	}
	for (i = 0; i < o.nbad && i < OUTPUT_BAD_MAX; i++) {
		buf_adds(&b, " (");
		add_span(&b, &o.bad[i]);
		buf_addc(&b, ')');
	}
	if (o.nbad > OUTPUT_BAD_MAX)
		buf_addf(&b, " +%zu", o.nbad - OUTPUT_BAD_MAX);
	if (o.perf_bad)
		buf_adds(&b, " bad");
	for (i = 0; i < o.nline; i++) {
		buf_addf(&b, "\n%u%s:", o.line[i].indent,
		    !o.line[i].is_result ? "" :
					   result_state_name(o.line[i].state));
		add_span(&b, &o.line[i].text);
	}
	free(bytes);
	return buf_take(&b);
}

static void
expect(const char *text, const char *want)
{
	char *got = parsed(text, strlen(text));

	if (strcmp(got, want) != 0)
		fail_msg("'%s' gives '%s', not '%s'", text, got, want);
	free(got);
}

static void
test_text(void **state)
{
	(void)state;
	expect("", "<>");
	expect("\n", "<>");
	expect("OK", "<OK>");
	expect("OK\n", "<OK>");
	expect("  OK - fine \r\n", "<OK - fine>");
	expect("OK\n\n", "<OK>");
	expect("OK\none\n two\r\n\n\tthree\n",
	    "<OK>\n0:one\n1:two\n0:\n8:three");
	expect("\n\nOK\nx", "<OK>\n0:x");
}

static void
test_perf(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		/* clang-format off */
		{ "A | x=1", "<A> [x=1 ]" },
		{ "A|x=1", "<A> [x=1 ]" },
		{ "A | x=1s;2;3;0;9 y=-0.5%;;; z=1e-05",
		  "<A> [x=1 s] [y=-0.5 %] [z=1e-05 ]" },
		{ "A | x=5E y=5EB z=5.s +=+5", "<A> [x=5 E] [y=5 EB] [z=5. s]"
		  " [+=+5 ]" },
		{ "A | x=1\xc2\xb5s", "<A> [x=1 \xc2\xb5s]" },
		{ "A | 'my label'=1B 'it''s'=2", "<A> [my label=1 B]"
		  " [it''s=2 ]" },
		{ "A | /var=3;@1:2;~:4", "<A> [/var=3 ]" },
		{ "A | x=U", "<A> [x=U ]" },
		{ "A |", "<A>" }, { "| x=1", "<> [x=1 ]" },
		{ "A |\tx=1  y=2 ", "<A> [x=1 ] [y=2 ]" },
		{ "A | x=.52 y=-.5 z=5. a=1e3 b=1E+3 c=.5e-1",
		  "<A> [x=.52 ] [y=-.5 ] [z=5. ] [a=1e3 ] [b=1E+3 ]"
		  " [c=.5e-1 ]" },
		{ "A | a=1us b=1ms c=1% d=1B e=1KB f=1MB g=1TB h=1c i=1W",
		  "<A> [a=1 us] [b=1 ms] [c=1 %] [d=1 B] [e=1 KB] [f=1 MB]"
		  " [g=1 TB] [h=1 c] [i=1 W]" },
		{ "A | x=U;;;0 y=1", "<A> [x=U ] [y=1 ]" },
		{ "A | 'a b'=1 'c=d'=2 'e|f'=3;4 'C:\\ %'=5%",
		  "<A> [a b=1 ] [c=d=2 ] [e|f=3 ] [C:\\ %=5 %]" },
		/* clang-format on */
	};
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++)
		expect(rows[i].text, rows[i].want);
}

/* What is no item is named, and the others count. */
static void
test_perf_bad(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		/* clang-format off */
		{ "A | a=1, b=2", "<A> [b=2 ] (a=1,)" },
		{ "A | a=3,26s b=2", "<A> [b=2 ] (a=3,26s)" },
		{ "A | a=3.26 b/s b=2b/s c=1", "<A> [a=3.26 ] [c=1 ] (b/s)"
		  " (b=2b/s)" },
		{ "A | x=UP y=Us z=u", "<A> (x=UP) (y=Us) (z=u)" },
		{ "A | x=1 y", "<A> [x=1 ] (y)" },
		{ "A | x=1 =2", "<A> [x=1 ] (=2)" },
		{ "A | x=1 y= z=3", "<A> [x=1 ] [z=3 ] (y=)" },
		{ "A | x=1,y=2", "<A> (x=1,y=2)" },
		{ "A | x=1:2", "<A> (x=1:2)" }, { "A | x=.", "<A> (x=.)" },
		{ "A | x=-.", "<A> (x=-.)" }, { "A | x=.e1", "<A> (x=.e1)" },
		{ "A | x=1.2.3 y=1", "<A> [y=1 ] (x=1.2.3)" },
		{ "A | x=1;' y=1", "<A> [y=1 ] (x=1;')" },
		{ "A | 'x=1 y=1", "<A> [y=1 ] ('x=1)" },
		{ "A | 'x y=1", "<A> [y=1 ] ('x)" },
		{ "A | 'x'1 y=1", "<A> [y=1 ] ('x'1)" },
		{ "A | 'my label'=1, y=1", "<A> [y=1 ] ('my label'=1,)" },
		{ "A | ''=1", "<A> (''=1)" }, { "A | x=-", "<A> (x=-)" },
		{ "A | x=1 <b>", "<A> [x=1 ] (<b>)" },
		{ "A | x=nan y=-inf", "<A> (x=nan) (y=-inf)" },
		{ "A | x=1;a=2 y=1", "<A> [y=1 ] (x=1;a=2)" },
		{ "A | (null)3;;; y=1", "<A> [y=1 ] ((null)3;;;)" },
		{ "A | a b c d e f g h i=1", "<A> [i=1 ] (a) (b) (c) (d) (e)"
		  " (f) +2" },
		/* Real plugins: check_ping, check_icmp, check_ifstatus. */
		{ "PING OK|rta=0.040000ms;100.000000;500.000000;0.000000"
		  " pl=0%;20;60;0", "<PING OK> [rta=0.040000 ms] [pl=0 %]" },
		{ "OK|rta=0.02ms;200.000;500.000;0; pl=0%;40;80;; rtmax=0.0ms;;"
		  ";;", "<OK> [rta=0.02 ms] [pl=0 %] [rtmax=0.0 ms]" },
		{ "OK|up=8,down=0,dormant=0", "<OK> (up=8,down=0,dormant=0)" },
		/* With a second bar, nobody knows where it begins. */
		{ "A | x=1|y=2", "<A> bad" }, { "A | x=1 | y=2", "<A> bad" },
		{ "A | x=1;2|3 y=1", "<A> bad" },
		{ "A | x=1 'y|=2", "<A> bad" },
		{ "a|forged=1 b | x=1", "<a> bad" },
		/* clang-format on */
	};
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++)
		expect(rows[i].text, rows[i].want);
}

/* Perfdata of the long output: only where the first line has none. */
static void
test_long_perf(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		/* monitoring-plugins 3. */
		{ "[OK] - all\n\t\\_[OK] - 1\n\t\\_[OK] - 2|'a'=1;; 'b'=2\n",
		    "<[OK] - all> [a=1 ] [b=2 ]\n8OK:[OK] - 1\n8OK:[OK] - 2" },
		{ "A\nb | x=1\ny=2\n", "<A> [x=1 ] [y=2 ]\n0:b" },
		/* A bar in the text is none of the two. */
		{ "A | x=1\nrelay a|b=1\n", "<A> [x=1 ]\n0:relay a|b=1" },
		{ "A | x=1\nrelay a|b=1 12 msgs\n",
		    "<A> [x=1 ]\n0:relay a|b=1 12 msgs" },
		/* An item that is none; but there is a good one. */
		{ "A\nb | x=1, y=2\n", "<A> [y=2 ] (x=1,)\n0:b" },
		{ "A\nb | x=1, y=3,2\n", "<A>\n0:b | x=1, y=3,2" },
		{ "A\nb | x=1|y=2\n", "<A>\n0:b | x=1|y=2" },
		{ "A\nrelay a|b=1 12 msgs\nmore\n",
		    "<A>\n0:relay a|b=1 12 msgs\n0:more" },
		{ "A |\nrelay a|b=1\n", "<A>\n0:relay a|b=1" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++)
		expect(rows[i].text, rows[i].want);
}

static void
test_sub_results(void **state)
{
	static const struct {
		const char *line, *want;
	} rows[] = {
		{ "mqueue.in WARNING: 1299 messages",
		    "0WARNING:mqueue.in WARNING: 1299 messages" },
		{ "  messages CRITICAL", "2CRITICAL:messages CRITICAL" },
		{ "growth OK: x", "0OK:growth OK: x" },
		{ "x UNKNOWN: y", "0UNKNOWN:x UNKNOWN: y" },
		{ "\t\\_[WARNING] - x", "8WARNING:[WARNING] - x" },
		{ "[CRITICAL] x", "0CRITICAL:[CRITICAL] x" },
		/* Two of them: who knows. */
		{ "x CRITICAL: y OK: z", "0:x CRITICAL: y OK: z" },
		{ "x OK: y CRITICAL", "0:x OK: y CRITICAL" },
		{ "x OK: y CRITICALLY", "0OK:x OK: y CRITICALLY" },
		{ "[OK] - y CRITICAL: z", "0OK:[OK] - y CRITICAL: z" },
		/* The state is the second word, or it is none. */
		{ "a relay CRITICAL: x", "0:a relay CRITICAL: x" },
		{ "CRITICAL: x", "0:CRITICAL: x" },
		{ "x CRITICAL y", "0:x CRITICAL y" },
		{ "x OKAY: y", "0:x OKAY: y" },
		{ "x critical: y", "0:x critical: y" },
		{ "x  CRITICAL: y", "0:x  CRITICAL: y" },
		{ "[CRITICALx", "0:[CRITICALx" },
		{ "[", "0:[" },
		{ "\\_", "0:\\_" },
		{ "\\_x", "0:x" },
		{ "x", "0:x" },
		{ "x \tOK", "0:x \tOK" },
	};
	char text[100], want[100];
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		snprintf(text, sizeof(text), "A\n%s", rows[i].line);
		snprintf(want, sizeof(want), "<A>\n%s", rows[i].want);
		expect(text, want);
	}
}

/* More than there is room for is counted. */
static void
test_limits(void **state)
{
	struct buf b = BUF_INIT;
	struct output o;
	size_t i;

	(void)state;
	buf_adds(&b, "A |");
	for (i = 0; i < OUTPUT_PERF_MAX + 3; i++)
		buf_addf(&b, " x%zu=%zu", i, i);
	for (i = 0; i < OUTPUT_LINES_MAX + 4; i++)
		buf_addf(&b, "\nline %zu", i);
	output_parse(&o, b.data, b.len);
	assert_int_equal(o.nperf, OUTPUT_PERF_MAX);
	assert_int_equal(o.nline, OUTPUT_LINES_MAX);
	assert_int_equal(o.nleft, 7);
	assert_false(o.perf_bad);
	assert_memory_equal(o.perf[255].label.p, "x255=255", 8);
	assert_memory_equal(o.line[249].text.p, "line 249", 8);

	/* A label, a value, a unit that is too long is none. */
	for (i = 0; i < 3; i++) {
		buf_truncate(&b, 0);
		buf_addf(&b, "A | %0*d=%0*d%.*s", i == 0 ? 65 : 64, 1,
		    i == 1 ? 33 : 32, 1, i == 2 ? 9 : 8, "unitunits");
		output_parse(&o, b.data, b.len);
		assert_int_equal(o.nbad, 1);
		assert_int_equal(o.nperf, 0);
	}
	buf_truncate(&b, 0);
	buf_addf(&b, "A | %064d=%032dunitunit", 1, 1);
	output_parse(&o, b.data, b.len);
	assert_int_equal(o.nperf, 1);
	buf_free(&b);
}

/* Any bytes at all, of any length: under the sanitizers this is the test. */
static void
test_any_bytes(void **state)
{
	static const char some[] =
	    "a|'=1;U\\_[OK] CRITICAL:\n\t\r-.e%\0\xff<&@";
	uint32_t seed = 1;
	char text[64];
	size_t i, j;

	(void)state;
	for (i = 0; i < 50000; i++) {
		for (j = 0; j < i % sizeof(text); j++) {
			seed = seed * 1664525 + 1013904223;
			text[j] = some[(seed >> 16) % (sizeof(some) - 1)];
		}
		free(parsed(text, j));
	}
	expect("A\0", "<A>");
}

static void
test_state(void **state)
{
	(void)state;
	assert_int_equal(output_state(0), RESULT_OK);
	assert_int_equal(output_state(1), RESULT_WARNING);
	assert_int_equal(output_state(2), RESULT_CRITICAL);
	assert_int_equal(output_state(3), RESULT_UNKNOWN);
	assert_int_equal(output_state(4), RESULT_UNKNOWN);
	assert_int_equal(output_state(127), RESULT_UNKNOWN);
	assert_int_equal(output_state(-1), RESULT_UNKNOWN);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_perf),
		cmocka_unit_test(test_perf_bad),
		cmocka_unit_test(test_long_perf),
		cmocka_unit_test(test_sub_results),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_any_bytes),
		cmocka_unit_test(test_state),
	};

	return UNIT_RUN(tests);
}
