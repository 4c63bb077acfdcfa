/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_perf.c - perfdata items */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "unit.h"

#include "plug/perf.h"

static void
test_label(void **state)
{
	static const struct {
		size_t max;
		const char *name, *want;
	} rows[] = {
		{ 12, "mqueue", "mqueue" },
		{ 12, "mqueue.in", "mqueue_in" },
		{ 12, "MQueue.IN", "mqueue_in" },
		/* One too long with its underscore, so without any. */
		{ 12, "mqueue-client", "mqueueclient" },
		{ 13, "mqueue-client", "mqueue_client" },
		{ 12, "a-b-c-d-e-f-g", "abcdefg" },
		{ 12, "clientmqueue", "clientmqueue" },
		{ 12, "clientmqueues", "clientmqueue" },
		{ 12, "a very long name of a queue", "averylongnam" },
		{ 8, "mqueue-lost", "mqueuelo" },
		/* A letter in front. */
		{ 12, "1queue", "q1queue" },
		{ 12, "9", "q9" },
		{ 3, "2024", "q20" },
		{ 12, "_x", "q_x" },
		{ 12, "-", "q" },
		{ 12, "", "q" },
		{ 12, "...", "q" },
		/* Several are one, and none is at the end. */
		{ 12, "a--..b", "a_b" },
		{ 12, "a..", "a" },
		{ 12, "a b=c'd", "a_b_c_d" },
		{ 12, "a::b", "a_b" },
		{ 19, "var/spool/mqueue/q1", "var_spool_mqueue_q1" },
		/* Bytes that are no ASCII. */
		{ 12, "\xc3\xa4x", "q_x" },
		{ 12, "q\xc3\xa4x", "q_x" },
		{ 12, "\xff", "q" },
		{ 12, "a\n|b", "a_b" },
		{ 1, "mqueue", "m" },
	};
	char label[32];
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		memset(label, '#', sizeof(label));
		perf_label(label, rows[i].max, rows[i].name);
		if (strcmp(label, rows[i].want) != 0)
			fail_msg("'%s' at %zu is '%s', not '%s'", rows[i].name,
			    rows[i].max, label, rows[i].want);
		/* Nothing is written behind the label's room. */
		assert_int_equal(label[rows[i].max + 1], '#');
	}
}

/* Whatever the bytes, a label is [a-z][a-z0-9_]* and not too long. */
static void
test_label_bytes(void **state)
{
	char label[PERF_LABEL_MAX + 1], name[4] = "";
	int a, b;

	(void)state;
	for (a = 1; a < 256; a++)
		for (b = 1; b < 256; b++) {
			name[0] = name[2] = (char)a;
			name[1] = (char)b;
			perf_label(label, PERF_LABEL_MAX, name);
			assert_in_range(label[0], 'a', 'z');
			assert_int_equal(
			    strspn(label,
				"abcdefghijklmnopqrstuvwxyz0123456789_"),
			    strlen(label));
			assert_null(strstr(label, "__"));
		}
}

static void
test_add(void **state)
{
	static const struct range w = { 0, 1200, false };
	static const struct range c = { 0, 3000, false };
	static const struct {
		double value;
		enum perf_uom uom;
		bool warn, crit, min;
		const char *want;
	} rows[] = {
		{ 5, PERF_NONE, false, false, false, "x=5" },
		{ 5, PERF_NONE, true, false, false, "x=5;1200" },
		{ 5, PERF_NONE, false, true, false, "x=5;;3000" },
		{ 5, PERF_NONE, true, true, false, "x=5;1200;3000" },
		{ 5, PERF_NONE, false, false, true, "x=5;;;0" },
		{ 5, PERF_NONE, true, false, true, "x=5;1200;;0" },
		{ 5, PERF_NONE, false, true, true, "x=5;;3000;0" },
		{ 5, PERF_NONE, true, true, true, "x=5;1200;3000;0" },
		{ 840, PERF_SECONDS, false, false, false, "x=840s" },
		{ 840, PERF_SECONDS, true, true, true, "x=840s;1200;3000;0" },
		{ 840, PERF_SECONDS, false, false, true, "x=840s;;;0" },
		{ 12.5, PERF_PERCENT, true, false, true, "x=12.5%;1200;;0" },
		/* No exponent, no zeros at the end, no negative zero. */
		{ 0, PERF_NONE, false, false, false, "x=0" },
		{ -0.0, PERF_NONE, false, false, false, "x=0" },
		{ -45.5, PERF_NONE, false, false, false, "x=-45.5" },
		{ 0.1, PERF_NONE, false, false, false, "x=0.1" },
		{ 999999999, PERF_NONE, false, false, false, "x=999999999" },
		{ 1e15, PERF_NONE, false, false, false, "x=1000000000000000" },
	};
	struct buf out = BUF_INIT;
	struct perf p;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		p = (struct perf){
			.label = "x",
			.value = rows[i].value,
			.uom = rows[i].uom,
			.has_warn = rows[i].warn,
			.has_crit = rows[i].crit,
			.warn = w,
			.crit = c,
			.min_zero = rows[i].min,
		};
		buf_truncate(&out, 0);
		perf_add(&out, &p);
		assert_string_equal(buf_str(&out), rows[i].want);
	}
	buf_free(&out);
}

/* Neither the value nor its unit is printed when it is not known. */
static void
test_add_unknown(void **state)
{
	struct perf p = {
		.label = "x",
		.value = 7,
		.unknown = true,
		.uom = PERF_SECONDS,
		.min_zero = true,
	};
	struct buf out = BUF_INIT;

	(void)state;
	perf_add(&out, &p);
	assert_string_equal(buf_str(&out), "x=U;;;0");
	buf_free(&out);
}

/* Ranges that are no plain number, and what stands before stays. */
static void
test_add_ranges(void **state)
{
	struct perf p = {
		/* clang-format off */
		.label = "mqueue_in_oldest", .value = 1, .uom = PERF_SECONDS,
		.has_warn = true, .warn = { 10, INFINITY, false },
		.has_crit = true, .crit = { -INFINITY, 20.5, true },
		.min_zero = true, .keep = 7
		/* clang-format on */
	};
	struct buf out = BUF_INIT;

	(void)state;
	buf_adds(&out, "a=1 ");
	perf_add(&out, &p);
	assert_string_equal(buf_str(&out),
	    "a=1 mqueue_in_oldest=1s;10:;@~:20.5;0");
	buf_free(&out);
}

static void
test_uom(void **state)
{
	(void)state;
	assert_string_equal(perf_uom_text(PERF_NONE), "");
	assert_string_equal(perf_uom_text(PERF_SECONDS), "s");
	assert_string_equal(perf_uom_text(PERF_PERCENT), "%");
}

/* What perf_add() adds is as wide at nine digits, and never wider below. */
static void
test_width(void **state)
{
	static const double values[] = { 0, 7, 1200, -5, -99999.5, 1234567.5,
		99999999, 100000000, 999999999 };
	struct perf p = { .warn = { 0, 1200, false },
		.crit = { -10, 99.25, true } };
	struct buf out = BUF_INIT;
	size_t i, bits;

	(void)state;
	for (bits = 0; bits < 16; bits++) {
		snprintf(p.label, sizeof(p.label), "%s",
		    bits % 2 != 0 ? "x" : "a2345678901234_late");
		p.has_warn = (bits & 1) != 0;
		p.has_crit = (bits & 2) != 0;
		p.min_zero = (bits & 4) != 0;
		p.uom = (bits & 8) != 0 ? PERF_SECONDS : PERF_NONE;
		for (i = 0; i < ROWS(values); i++) {
			p.value = values[i];
			buf_truncate(&out, 0);
			perf_add(&out, &p);
			assert_true(out.len <= perf_width(&p));
		}
		/* The last one has nine digits. */
		assert_int_equal(out.len, perf_width(&p));
	}
	buf_free(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_label),
		cmocka_unit_test(test_label_bytes),
		cmocka_unit_test(test_add),
		cmocka_unit_test(test_add_unknown),
		cmocka_unit_test(test_add_ranges),
		cmocka_unit_test(test_uom),
		cmocka_unit_test(test_width),
	};

	return UNIT_RUN(tests);
}
