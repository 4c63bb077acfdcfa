/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_render_bb.c - a plugin's output as a status of Big Brother's kin */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

#include "base/buf.h"
#include "plug/render_bb.h"

static const char date[] = "Sun Nov 22 20:08:00 UTC 2026";

/* What comes of a plugin's output; the caller frees it. */
static char *
rendered(const char *text, size_t n, const struct render_bb *how)
{
	struct render_bb r = *how;
	struct buf out = BUF_INIT;
	struct output o;

	if (r.host == NULL)
		r.host = "mx1.example.net";
	if (r.column == NULL)
		r.column = "mqueue";
	if (r.date == NULL)
		r.date = date;
	if (r.unknown == NULL)
		r.unknown = "yellow";
	output_parse(&o, text, n);
	render_bb(&o, &r, &out);
	assert_in_range(out.len, 1, RENDER_BB_MAX);
	return buf_take(&out);
}

static void
expect(const struct render_bb *how, const char *text, const char *want)
{
	char *got = rendered(text, strlen(text), how);

	assert_string_equal(got, want);
	free(got);
}

static void
test_message(void **state)
{
	const struct render_bb warning = {
		.lifetime = 15,
		.state = RESULT_WARNING,
	};

	(void)state;
	expect(&warning,
	    "MQUEUE WARNING - mqueue.in 42 messages; mqueue 7"
	    " | mqueue_in=42;40;90;0 mqueue_in_oldest=7200s;;;0\n"
	    "mqueue.in WARNING: 42 messages; /var/spool/mqueue.in\n"
	    "  messages WARNING: 42, which is over 40\n"
	    "    -> does MailScanner run\n"
	    "mqueue OK: 7 messages\n",
	    "status+15 mx1,example,net.mqueue yellow Sun Nov 22 20:08:00 UTC"
	    " 2026 MQUEUE WARNING - mqueue.in 42 messages, mqueue 7\n"
	    " mqueue_in : 42\n"
	    " mqueue_in_oldest : 7200 s\n"
	    " <!-- ncv_end -->\n"
	    " &yellow mqueue.in WARNING: 42 messages, /var/spool/mqueue.in\n"
	    "   &yellow messages WARNING: 42, which is over 40\n"
	    "     - does MailScanner run\n"
	    " &green mqueue OK: 7 messages\n");
	expect(&warning,
	    "[WARNING] - x\n\t\\_[OK] - y\n\t\\_[WARNING] - z"
	    "|'my load'=0.5;1\n",
	    "status+15 mx1,example,net.mqueue yellow Sun Nov 22 20:08:00 UTC"
	    " 2026 [WARNING] - x\n"
	    " my_load : 0.5\n"
	    " <!-- ncv_end -->\n"
	    "         &green [OK] - y\n"
	    "         &yellow [WARNING] - z\n");
}

static void
test_head(void **state)
{
	static const struct {
		struct render_bb how;
		const char *text, *want;
	} rows[] = {
		/* clang-format off */
		{ { .state = RESULT_OK }, "x", "status mx1,example,net.mqueue"
		  " green Sun Nov 22 20:08:00 UTC 2026 x\n"
		  " <!-- ncv_end -->\n" },
		{ { .state = RESULT_CRITICAL, .lifetime = 1, .host = "a,b" },
		  "x", "status+1 a,b.mqueue red Sun Nov 22 20:08:00 UTC 2026"
		  " x\n <!-- ncv_end -->\n" },
		{ { .state = RESULT_UNKNOWN, .column = "x" }, "y",
		  "status mx1,example,net.x yellow Sun Nov 22 20:08:00 UTC"
		  " 2026 y\n <!-- ncv_end -->\n" },
		{ { .state = RESULT_UNKNOWN, .unknown = "clear" }, "y",
		  "status mx1,example,net.mqueue clear Sun Nov 22 20:08:00 UTC"
		  " 2026 y\n <!-- ncv_end -->\n" },
		{ { .state = RESULT_OK }, " \n", "status"
		  " mx1,example,net.mqueue green Sun Nov 22 20:08:00 UTC 2026"
		  " mqueue OK - the plugin printed nothing\n"
		  " <!-- ncv_end -->\n" },
		/* Not let through by the options, but not here either. */
		{ { .state = RESULT_OK, .host = "a b\nstatus c.d red",
		    .column = "e.f;\n&red", .date = "<b>\n" }, "x",
		  "status a_b_status_c,d_red.e_f___red green _b_? x\n"
		  " <!-- ncv_end -->\n" },
		/* clang-format on */
	};
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++)
		expect(&rows[i].how, rows[i].text, rows[i].want);
}

/* No result: the reason, no rows, and what there was of a text. */
static void
test_failure(void **state)
{
	const struct render_bb how = {
		.state = RESULT_UNKNOWN,
		.unknown = "red",
		.failure = "/x did not end within 30s",
	};

	(void)state;
	expect(&how, "",
	    "status mx1,example,net.mqueue red Sun Nov 22"
	    " 20:08:00 UTC 2026 mqueue UNKNOWN - /x did not end within 30s\n"
	    " <!-- ncv_end -->\n");
	expect(&how, "half an | answer=1\nmore\n",
	    "status"
	    " mx1,example,net.mqueue red Sun Nov 22 20:08:00 UTC 2026 mqueue"
	    " UNKNOWN - /x did not end within 30s\n"
	    " <!-- ncv_end -->\n half an\n more\n");
}

/* Xymon sees letters and digits only, nineteen of them. */
static void
test_rows(void **state)
{
	const struct render_bb how = { .state = RESULT_OK };
	static const char head[] = "status mx1,example,net.mqueue green"
				   " Sun Nov 22 20:08:00 UTC 2026 x\n";
	static const struct {
		const char *text, *want;
	} rows[] = {
		{ "x | a_b=1 ab=2 AB=3",
		    " a_b : 1\n AB : 3\n"
		    " <!-- ncv_end -->\n ab : 2\n" },
		{ "x | /=1 /var=2 c:=3",
		    " /var : 2\n c_ : 3\n"
		    " <!-- ncv_end -->\n / : 1\n" },
		{ "x | abcdefghijklmnopqrst=1 abcdefghijklmnopqrsu=2",
		    " abcdefghijklmnopqrst : 1\n <!-- ncv_end -->\n"
		    " abcdefghijklmnopqrsu : 2\n" },
		{ "x | a=U b=1e-05s c=-3% d=1\xc2\xb5s",
		    " a : U\n"
		    " b : 0.00001 s\n c : -3 %\n d : 1 ??s\n"
		    " <!-- ncv_end -->\n" },
		/* A label is the plugin's, but who knows. */
		{ "x | '<!-- ncv_end -->'=1 'a: 5'=2 '&red b'=3 @@=4",
		    " __--_ncv_end_--_ : 1\n a__5 : 2\n _red_b : 3\n"
		    " <!-- ncv_end -->\n __ : 4\n" },
		/* Xymon knows no exponent. */
		{ "x | a=1e3 b=-1.5e-3s c=.52 d=5. e=-.5e1 f=12.345E1 g=+1e0",
		    " a : 1000\n b : -0.0015 s\n c : .52\n d : 5.\n"
		    " e : -5\n f : 123.45\n g : 1\n <!-- ncv_end -->\n" },
		{ "x | a=1e99 b=1e-40 c=12e27 d=12e28 e=1",
		    " c : 12000000000000000000000000000\n e : 1\n"
		    " <!-- ncv_end -->\n a : 1e99\n b : 1e-40\n"
		    " d : 12e28\n" },
		{ "x | a=1 b c=3,26s d=UP 'e f'=1, g=U",
		    " a : 1\n g : U\n"
		    " <!-- ncv_end -->\n Not readable as performance data,"
		    " and left out: (b) (c=3,26s) (d=UP) (_e f_=1,).\n" },
		{ "x | a b c d e f g <script>",
		    " <!-- ncv_end -->\n Not readable as performance data,"
		    " and left out: (a) (b) (c) (d) (e) (f) and 2 more.\n" },
		{ "x | a=1 | b=2",
		    " <!-- ncv_end -->\n Nobody knows where the performance"
		    " data begins, because the first line has two bars, so"
		    " there is none here.\n" },
	};
	char want[400];
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		snprintf(want, sizeof(want), "%s%s", head, rows[i].want);
		expect(&how, rows[i].text, want);
	}
}

/* No icon is worse than the status. */
static void
test_icons(void **state)
{
	static const char text[] = "x\na OK\nb WARNING\nc CRITICAL\n"
				   "d UNKNOWN\n";
	static const struct {
		enum result_state state;
		const char *a, *b, *c, *d;
	} rows[] = {
		{ RESULT_OK, "green", "green", "green", "green" },
		{ RESULT_WARNING, "green", "yellow", "yellow", "yellow" },
		{ RESULT_UNKNOWN, "green", "yellow", "clear", "clear" },
		{ RESULT_CRITICAL, "green", "yellow", "red", "clear" },
	};
	struct render_bb how = { .unknown = "clear" };
	char want[200], *got;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		how.state = rows[i].state;
		snprintf(want, sizeof(want),
		    "\n &%s a OK\n &%s b WARNING\n"
		    " &%s c CRITICAL\n &%s d UNKNOWN\n",
		    rows[i].a, rows[i].b, rows[i].c, rows[i].d);
		got = rendered(text, strlen(text), &how);
		assert_non_null(strstr(got, want));
		free(got);
	}
}

static void
test_big_sister(void **state)
{
	const struct render_bb how = {
		.state = RESULT_WARNING,
		.big_sister = true,
	};

	(void)state;
	expect(&how, "x\n",
	    "status mx1,example,net.mqueue yellow Sun Nov 22"
	    " 20:08:00 UTC 2026 x\n");
	expect(&how, "x|>remove a.b | a=1\nremove host.check\nb WARNING: c\n",
	    "status mx1,example,net.mqueue yellow Sun Nov 22 20:08:00 UTC 2026"
	    " x|> remove host.check|> &yellow b WARNING: c|> Nobody knows"
	    " where the performance data begins, because the first line has"
	    " two bars, so there is none here.\n");
	expect(&how, "x | a=1\nremove host.check|>status a.b red c\n",
	    "status mx1,example,net.mqueue yellow Sun Nov 22 20:08:00 UTC 2026"
	    " x|> a : 1|> remove host.check__status a.b red c\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_message),
		cmocka_unit_test(test_head),
		cmocka_unit_test(test_failure),
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_icons),
		cmocka_unit_test(test_big_sister),
	};

	return UNIT_RUN(tests);
}
