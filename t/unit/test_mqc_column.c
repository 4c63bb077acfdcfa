/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_mqc_column.c - the numbers of a host, and their limits */
#include "unit.h"

#include "report/read.h"
#include "tools/mqc/column.h"

static void
test_parse(void **state)
{
	static const struct {
		const char *text, *why;
	} bad[] = {
		{ "",
		    "a column is a role (in, m, client) or a queue's name"
		    " of at most 31 characters: ''" },
		{ "in,",
		    "a column is a role (in, m, client) or a queue's name"
		    " of at most 31 characters: ''" },
		{ "in,a b",
		    "a column is a role (in, m, client) or a queue's"
		    " name of at most 31 characters: 'a b'" },
		{ "in,in", "a column comes twice: 'in'" },
		{ "a,b,c,d,e,f,g,h,i", "at most 8 columns are shown: 'i'" },
	};
	struct mqc_column_set set;
	struct buf why = BUF_INIT;
	size_t i;

	(void)state;
	assert_int_equal(mqc_column_parse(&set, "client,in,out,mqueue.in",
			     &why),
	    0);
	assert_int_equal(set.n, 4);
	assert_true(set.v[0].by_role);
	assert_int_equal(set.v[0].role, QUEUE_CLIENT);
	assert_int_equal(set.v[1].role, QUEUE_IN);
	assert_int_equal(set.v[2].role, QUEUE_OUT);
	assert_false(set.v[3].by_role);
	assert_string_equal(set.v[3].name, "mqueue.in");
	assert_int_equal(set.v[3].warning, 1200);
	assert_int_equal(set.v[3].critical, 3000);
	for (i = 0; i < ROWS(bad); i++) {
		buf_truncate(&why, 0);
		assert_int_equal(mqc_column_parse(&set, bad[i].text, &why), -1);
		unit_assert_text(buf_str(&why), bad[i].why, bad[i].text);
	}
	buf_free(&why);
}

static void
test_limits(void **state)
{
	struct mqc_column_set set;
	struct buf why = BUF_INIT;

	(void)state;
	assert_int_equal(mqc_column_parse(&set, "in,m", &why), 0);
	assert_int_equal(mqc_column_set_limit(&set, MQC_COLUMN_WARN, "10",
			     &why),
	    0);
	assert_int_equal(mqc_column_set_limit(&set, MQC_COLUMN_CRIT, "m=20",
			     &why),
	    0);
	assert_int_equal(set.v[0].warning, 10);
	assert_int_equal(set.v[1].warning, 10);
	assert_int_equal(set.v[0].critical, 3000);
	assert_int_equal(set.v[1].critical, 20);
	assert_int_equal(mqc_column_set_limit(&set, MQC_COLUMN_WARN, "x=1",
			     &why),
	    -1);
	assert_string_equal(buf_str(&why),
	    "a limit names a column that is not shown, see --columns: 'x'");
	buf_truncate(&why, 0);
	assert_int_equal(mqc_column_set_limit(&set, MQC_COLUMN_WARN, "in=1k",
			     &why),
	    -1);
	assert_string_equal(buf_str(&why),
	    "a limit is a number of messages: 'in=1k'");
	buf_free(&why);
}

/* A limit itself does not alert, as that of check_mqueue. */
static void
test_judge(void **state)
{
	static const struct {
		uint64_t n;
		enum mqc_column_level level;
	} rows[] = {
		{ 0, MQC_COLUMN_OK },
		{ 1200, MQC_COLUMN_OK },
		{ 1201, MQC_COLUMN_WARNED },
		{ 3000, MQC_COLUMN_WARNED },
		{ 3001, MQC_COLUMN_ALARMED },
	};
	const struct mqc_column c = { .warning = 1200, .critical = 3000 };
	struct mqc_column_value v = { MQC_COLUMN_EXACT, 0 };
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		v.n = rows[i].n;
		assert_int_equal(mqc_column_judge(&c, &v), rows[i].level);
	}
}

#define REST " oldest=2 late=0 quarantined=0 lost=0\n"

static void
test_read(void **state)
{
	static const char text[] =
	    "mqreport 1\nhost h\ntime 5\ntook 1\n"
	    "queue a.in role=in count=exact messages=3" REST
	    "queue b.in role=in count=at-least messages=4" REST
	    "queue out role=out count=unreadable\nend\n";
	static const struct {
		const char *column;
		enum mqc_column_kind kind;
		uint64_t n;
	} rows[] = {
		{ "in", MQC_COLUMN_AT_LEAST, 7 },
		{ "a.in", MQC_COLUMN_EXACT, 3 },
		{ "m", MQC_COLUMN_UNREADABLE, 0 },
		{ "client", MQC_COLUMN_MISSING, 0 },
		{ "c.in", MQC_COLUMN_MISSING, 0 },
	};
	struct mqc_column_value v;
	struct mqc_column_set set;
	struct buf why = BUF_INIT;
	const char *bad;
	struct report r;
	size_t i;

	(void)state;
	assert_int_equal(report_read(&r, text, strlen(text), &bad),
	    REPORT_FINE);
	for (i = 0; i < ROWS(rows); i++) {
		assert_int_equal(mqc_column_parse(&set, rows[i].column, &why),
		    0);
		v = mqc_column_read(&set.v[0], &r);
		assert_int_equal(v.kind, rows[i].kind);
		assert_int_equal(v.n, rows[i].n);
	}
	report_free(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_judge),
		cmocka_unit_test(test_read),
	};

	return UNIT_RUN(tests);
}
