/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_mqc_record.c - rounds to lines, and back */
#include "fleets.h"
#include "tree.h"

#include "tools/mqc/record.h"
#include "tools/mqc/replay.h"

static struct mqc_column_set columns;

#define REPORT                                             \
	"mqreport 1\nhost h\ntime 1795532400\ntook 1 ms\n" \
	"queue q role=in count=exact messages=7" FLEETS_REST "end\n"

static void
test_lines(void **state)
{
	static const char want[] =
	    "mqc-record 1\t30\n"
	    "1795532400\tmx1\t12\tok\tmqreport 1\thost h\ttime 1795532400"
	    "\ttook 1 ms\tqueue q role=in count=exact messages=7 oldest=0"
	    " late=0 quarantined=0 lost=0\tend\n"
	    "1795532400\tmx2\t10000\tno connection\tConnection refused\n";
	char *line, *end;
	struct mqc_record r;
	struct buf out = BUF_INIT;
	const char *why;

	(void)state;
	mqc_record_add_head(&out, 30);
	mqc_record_add_report(&out, FLEETS_EPOCH, "mx1", 12, REPORT,
	    strlen(REPORT));
	mqc_record_add_failure(&out, FLEETS_EPOCH, "mx2", 10000,
	    MQC_FLEET_NO_CONNECTION, "Connection refused");
	assert_string_equal(buf_str(&out), want);

	line = out.data;
	end = strchr(line, '\n') + 1;
	assert_int_equal(mqc_record_parse(&r, line, (size_t)(end - line), &why),
	    0);
	assert_int_equal(r.interval, 30);
	line = end;
	end = strchr(line, '\n') + 1;
	assert_int_equal(mqc_record_parse(&r, line, (size_t)(end - line), &why),
	    0);
	assert_int_equal(r.interval, 0);
	assert_int_equal(r.time, FLEETS_EPOCH);
	assert_string_equal(r.name, "mx1");
	assert_int_equal(r.delay, 12);
	assert_int_equal(r.answer, REPORT_FINE);
	assert_int_equal(r.n, strlen(REPORT));
	assert_memory_equal(r.text, REPORT, r.n);
	line = end;
	end = strchr(line, '\n') + 1;
	assert_int_equal(mqc_record_parse(&r, line, (size_t)(end - line), &why),
	    0);
	assert_int_equal(r.answer, MQC_FLEET_NO_CONNECTION);
	assert_string_equal(r.text, "Connection refused");
	buf_free(&out);
}

static void
test_bad_lines(void **state)
{
	static const char *const rows[] = {
		/* clang-format off */
		"", "\n", "x\n", "mqc-record 1\n", "mqc-record 1\t0\n",
		"mqc-record 1\t86401\n",
		"mqc-record 2\t30\n", "1\tmx1\t2\tok\tx", "1\tmx1\t2\tok\n",
		"1\t\t2\tok\tx\n", "-1\tmx1\t2\tok\tx\n",
		"1\tmx1\t2s\tok\tx\n", "1\tmx1\t2\tnew word\tx\n",
		/* clang-format on */
	};
	struct mqc_record r;
	const char *why;
	char line[80];
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		memcpy(line, rows[i], strlen(rows[i]) + 1);
		if (mqc_record_parse(&r, line, strlen(rows[i]), &why) == 0)
			fail_msg("accepted: %s", rows[i]);
	}
}

/* Two rounds, a host more in the second, and the half line of a kill. */
static void
test_replay(void **state)
{
	struct mqc_replay replay;
	struct mqc_fleet f;
	struct buf file = BUF_INIT, why = BUF_INIT;

	(void)state;
	mqc_record_add_head(&file, 60);
	mqc_record_add_report(&file, FLEETS_EPOCH, "mx1", 12, REPORT,
	    strlen(REPORT));
	mqc_record_add_failure(&file, FLEETS_EPOCH + 60, "mx1", 5000,
	    MQC_FLEET_TIMEOUT, "no report");
	mqc_record_add_report(&file, FLEETS_EPOCH + 60, "mx2", 7, REPORT,
	    strlen(REPORT));
	mqc_record_add_report(&file, FLEETS_EPOCH + 120, "mx1", 1, REPORT,
	    strlen(REPORT));
	buf_truncate(&file, file.len - 9);
	tree_write("r", file.data);

	fleets_make(&f, &columns, NULL, 0);
	assert_int_equal(mqc_replay_open(&replay, "r", &why), 0);
	assert_int_equal(mqc_replay_round(&replay, &f, &why), 1);
	assert_int_equal(f.n, 1);
	assert_int_equal(f.interval, 60);
	assert_int_equal(f.began.wall, FLEETS_EPOCH);
	assert_int_equal(f.hosts[0].age_class, MQC_FLEET_FRESH);
	assert_int_equal(f.hosts[0].cells[0].value.n, 7);
	assert_int_equal(mqc_replay_next(&replay), FLEETS_EPOCH + 60);
	assert_int_equal(mqc_replay_round(&replay, &f, &why), 1);
	assert_int_equal(f.n, 2);
	assert_string_equal(f.hosts[1].name, "mx2");
	assert_int_equal(f.hosts[0].age_class, MQC_FLEET_AGED);
	assert_int_equal(f.hosts[0].age, 64);
	assert_int_equal(f.hosts[1].age_class, MQC_FLEET_FRESH);
	assert_int_equal(mqc_replay_next(&replay), -1);
	assert_int_equal(mqc_replay_round(&replay, &f, &why), 0);
	mqc_replay_close(&replay);
	mqc_fleet_free(&f);
	buf_free(&file);
}

static void
test_replay_fails(void **state)
{
	struct mqc_replay replay;
	struct mqc_fleet f;
	struct buf why = BUF_INIT;

	(void)state;
	fleets_make(&f, &columns, NULL, 0);
	assert_int_equal(mqc_replay_open(&replay, "none", &why), -1);
	assert_string_equal(buf_str(&why), "none: No such file or directory");
	buf_truncate(&why, 0);
	tree_write("r", "mqc-record 1\t30\nhello\n");
	assert_int_equal(mqc_replay_open(&replay, "r", &why), 0);
	assert_int_equal(mqc_replay_round(&replay, &f, &why), -1);
	assert_string_equal(buf_str(&why),
	    "the recording, line 2: it is no line of a recording of mqc");
	mqc_replay_close(&replay);
	mqc_fleet_free(&f);
	buf_free(&why);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_bad_lines),
		TREE_TEST(test_replay),
		TREE_TEST(test_replay_fails),
	};

	return UNIT_RUN(tests);
}
