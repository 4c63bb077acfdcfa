/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_sendmail.c - names, times in ids, and arrival of sendmail's messages */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tree.h"
#include "unit.h"

#include "base/utc.h"
#include "mta/sendmail/sendmail.h"

#define DAY INT64_C(86400)

static const char alphabet[] =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

static void
test_classify(void **state)
{
	static const struct {
		const char *name;
		enum mta_state kind;
	} rows[] = {
		/* clang-format off */
		{ "qf6AMAF0aA004101", MTA_QUEUED },
		{ "qf6AMAF0aA1004101", MTA_QUEUED },
		{ "qfKAA12345", MTA_QUEUED }, { "qffA1BCd112345", MTA_QUEUED },
		{ "qfANYTHING.bak", MTA_QUEUED }, { "qf6A xf~", MTA_QUEUED },
		{ "qfx", MTA_QUEUED }, { "qf\xff", MTA_QUEUED },
		{ "qf345678901234567890", MTA_QUEUED },
		{ "qf3456789012345678901", MTA_NOTHING },
		{ "hf6AMAFFaQ004116", MTA_HELD },
		{ "hfx", MTA_HELD },
		{ "hf345678901234567890", MTA_HELD },
		{ "hf3456789012345678901", MTA_NOTHING },
		{ "Qf6AMAFGaR004117", MTA_LOST }, { "Qfx", MTA_LOST },
		{ "Qf345678901234567890", MTA_LOST },
		{ "Qf3456789012345678901", MTA_NOTHING },
		{ "df6AMAF0aA004101", MTA_NOTHING },
		{ "tf6AMAF0aA004101", MTA_NOTHING },
		{ "Tf6AMAF0aA004101", MTA_NOTHING },
		{ "xf6AMAF0aA004101", MTA_NOTHING },
		{ "nfKAA12345", MTA_NOTHING }, { "lfKAA12345", MTA_NOTHING },
		{ "HfKAA12345", MTA_NOTHING }, { "qFKAA12345", MTA_NOTHING },
		{ "QFKAA12345", MTA_NOTHING }, { "q6AMAF0aA", MTA_NOTHING },
		{ "fqKAA12345", MTA_NOTHING }, { " qfKAA1234", MTA_NOTHING },
		{ "qf", MTA_NOTHING }, { "hf", MTA_NOTHING },
		{ "Qf", MTA_NOTHING }, { "df", MTA_NOTHING },
		{ "", MTA_NOTHING }, { "q", MTA_NOTHING },
		{ "..", MTA_NOTHING }, { ".hoststat", MTA_NOTHING },
		/* clang-format on */
	};
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++)
		if (mta_state(&sendmail_mta, sendmail_mta.dirs, rows[i].name) !=
		    rows[i].kind)
			fail_msg("'%s'", rows[i].name);
}

static void
test_is_draft(void **state)
{
	static const struct {
		const char *name;
		bool want;
	} rows[] = {
		{ "tf6AMAF0aA004101", true },
		{ "tfx", true },
		{ "tf345678901234567890", true },
		{ "tf3456789012345678901", false },
		{ "tf", false },
		{ "Tf6AMAF0aA004101", false },
		{ "qf6AMAF0aA004101", false },
		{ "t6AMAF0aA004101", false },
		{ "", false },
	};
	struct mta_entry e;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		sendmail_mta.classify(sendmail_mta.dirs, rows[i].name,
		    strlen(rows[i].name), 0, &e);
		if (e.draft != rows[i].want)
			fail_msg("'%s'", rows[i].name);
	}
}

static void
test_texts(void **state)
{
	(void)state;
	assert_string_equal(sendmail_mta.name, "sendmail");
	assert_int_equal(sendmail_mta.ndirs, 1);
	assert_string_equal(sendmail_mta.dirs[0].subdir, "qf");
	assert_string_equal(sendmail_mta.body_subdir, "df");
	assert_string_equal(mta_id(&sendmail_mta, "qf6AMAF0aA004101").p,
	    "6AMAF0aA004101");
	assert_int_equal(mta_id(&sendmail_mta, "qf6AMAF0aA004101").n, 14);
	assert_string_equal(mta_id(&sendmail_mta, "hfKAA12345").p, "KAA12345");
}

/* Seconds of a UTC date by the C library; month from 1. */
static int64_t
utc(int year, int month, int day, int h, int m, int s)
{
	return utc_seconds(year, (const int[]){ month - 1, day, h, m, s });
}

static int
id_time(const char *name, int64_t now, int64_t *when)
{
	struct mta_entry e;

	sendmail_mta.classify(sendmail_mta.dirs, name, strlen(name), now, &e);
	assert_false(e.exact);
	if (!e.has_time)
		return -1;
	*when = e.time;
	return 0;
}

static void
test_id_forms(void **state)
{
	static const struct {
		const char *name;
		int y, mon, d, h, m, s;
	} rows[] = {
		/* 8.12 and later: two counting characters, six digits up. */
		{ "qf6AMAF0aA004101", 2026, 11, 22, 10, 15, 0 },
		{ "hf6AMAFFaQ004116", 2026, 11, 22, 10, 15, 15 },
		{ "Qf6AMAFGaR004117", 2026, 11, 22, 10, 15, 16 },
		{ "qf6AMJvmCO015886", 2026, 11, 22, 19, 57, 48 },
		{ "qf6AMAF0aA1234567", 2026, 11, 22, 10, 15, 0 },
		{ "qf6AMAF0aA1234567890", 2026, 11, 22, 10, 15, 0 },
		/* 8.10 and 8.11: one of each, five digits up. */
		{ "qffA1BCd112345", 2001, 11, 1, 11, 12, 39 },
		{ "qffA1BCd1123456", 2001, 11, 1, 11, 12, 39 },
		{ "qffA1BCd11234567", 2001, 11, 1, 11, 12, 39 },
		{ "qff01000a00001", 2001, 1, 1, 0, 0, 0 },
		/* The ends of each field. */
		{ "qf601000aa000001", 2026, 1, 1, 0, 0, 0 },
		{ "qf5BVNxxaa000001", 2025, 12, 31, 23, 59, 59 },
		{ "qf41TNxxaa000001", 2024, 2, 29, 23, 59, 59 },
		{ "qf421000aa000001", 2024, 3, 1, 0, 0, 0 },
		{ "qf51SNxxaa000001", 2025, 2, 28, 23, 59, 59 },
		{ "qf521000aa000001", 2025, 3, 1, 0, 0, 0 },
		{ "qf63UA00aa000001", 2026, 4, 30, 10, 0, 0 },
		{ "qfe1T000aa000001", 2000, 2, 29, 0, 0, 0 },
		{ "qfx51000aa000001", 2019, 6, 1, 0, 0, 0 },
		{ "qfd51000aa000001", 1999, 6, 1, 0, 0, 0 },
		{ "qfB01000aa000001", 1971, 1, 1, 0, 0, 0 },
	};
	const int64_t now = utc(2026, 11, 22, 20, 0, 0);
	int64_t when, want;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		want = utc(rows[i].y, rows[i].mon, rows[i].d, rows[i].h,
		    rows[i].m, rows[i].s);
		when = -4711;
		if (id_time(rows[i].name, now, &when) != 0 || when != want)
			fail_msg("'%s' is of %" PRId64 ", not %" PRId64,
			    rows[i].name, when, want);
	}
	/* And one without the help of utc.c. */
	assert_int_equal(id_time("qf6AMAF0aA004101", now, &when), 0);
	assert_true(when == 1795342500);
}

static void
refuse_ids(const char *const *rows, size_t n)
{
	const int64_t now = utc(2026, 11, 22, 20, 0, 0);
	int64_t when = 4711;
	size_t i;

	for (i = 0; i < n; i++)
		if (id_time(rows[i], now, &when) != -1)
			fail_msg("'%s' is of %" PRId64, rows[i], when);
	assert_true(when == 4711);
}

static void
test_id_refuse(void **state)
{
	static const char *const rows[] = {
		/* 8.8 and 8.9: hour, two characters, pid. */
		"qfKAA12345", "qfKAA00001", "qfXAA1234567", "qfA[A12345",
		/* Dates that do not exist. */
		"qf61TA00aa000001", "qf51TA00aa000001", "qf41UA00aa000001",
		"qf63VA00aa000001", "qf65VA00aa000001", "qf68VA00aa000001",
		"qf60WA00aa000001", "qf600A00aa000001", "qf6C1A00aa000001",
		"qf6z1A00aa000001", "qf6AMO00aa000001", "qf6AMAy0aa000001",
		"qf6AMA0zaa000001", "qf6AzA00aa000001",
		/* A year is at most 59. */
		"qfy51000aa000001", "qfz51000aa000001",
		/* Letters among the last five. */
		"qf6AMAF0aA00410x", "qf6AMAF0aA0041X1", "qf6AMAF0aA004a01",
		"qf6AMAF0aA00Z101", "qf6AMAF0aA0A4101", "qffA1BCd11234z",
		"qffA1BCd1a2345",
		/* Bytes that are not of the alphabet. */
		"qf6AMAF0a-004101", "qf-AMAF0aA004101", "qf6AMA.0aA004101",
		"qf6AMAF0aA00410.", "qf6AMAF0aA 04101", "qf\xffZMAF0aA004101",
		"qf6AMAF0aA00410/", "qf6AMAF0aA00410:", "qf6@MAF0aA004101",
		"qf6[MAF0aA004101", "qf6`MAF0aA004101", "qf6{MAF0aA004101",
		/* Too short, too long. */
		"qfx", "qf6AMAF0", "qffA1BCd11234", "qf6AMAF0aA12345678901",
		"qfANYTHING.bak"
	};

	(void)state;
	refuse_ids(rows, ROWS(rows));
}

/* All of the pid is digits: %06d after eight characters, %05d after seven. */
static void
test_id_whole_pid(void **state)
{
	static const char *const rows[] = { "qf6AMAF0aAx04101",
		"qf6AMAF0aA12x45678", "qf6AMAF0aAA234567890",
		"qffA1BCd1a12345" };

	(void)state;
	refuse_ids(rows, ROWS(rows));
}

/*
 * The newest year that fits and is not more than a year ahead; a later one if
 * the year before would be one before 1970.
 */
static void
test_id_year(void **state)
{
	const int64_t id26 = utc(2026, 11, 22, 10, 15, 0);
	const int64_t id40 = utc(2040, 6, 2, 0, 0, 0);
	const int64_t id80 = utc(1980, 6, 2, 0, 0, 0);
	const struct {
		const char *name;
		int64_t now, when; /* when -1: no usable time */
	} rows[] = {
		{ "qf6AMAF0aA004101", id26, id26 },
		{ "qf6AMAF0aA004101", id26 - 1, id26 },
		{ "qf6AMAF0aA004101", id26 - DAY + 1, id26 },
		{ "qf6AMAF0aA004101", id26 - DAY, id26 },
		{ "qf6AMAF0aA004101", id26 - DAY - 1, id26 },
		{ "qf6AMAF0aA004101", utc(2085, 11, 21, 10, 14, 59), id26 },
		{ "qf6AMAF0aA004101", utc(2085, 11, 21, 10, 15, 0),
		    utc(2086, 11, 22, 10, 15, 0) },
		{ "qfK52000aa000001", id40 - DAY - 1, id40 },
		{ "qfK52000aa000001", id40 - 366 * DAY, id40 },
		{ "qfK52000aa000001", id40 - 366 * DAY - 1, id80 },
		{ "qfK52000aa000001", utc(2039, 5, 1, 0, 0, 0), id80 },
		/* A clock that stood at the end of NTP's era, or at 1970. */
		{ "qfG176SG00004101", id26, utc(1976, 2, 7, 6, 28, 16) },
		{ "qfA01000aa000001", id26, 0 },
		{ "qf901000aa000001", id26, utc(2029, 1, 1, 0, 0, 0) },
		/* Over the end of a year, both ways. */
		{ "qf701001aa000001", utc(2026, 12, 31, 23, 59, 59),
		    utc(2027, 1, 1, 0, 0, 1) },
		{ "qf701001aa000001", utc(2026, 12, 31, 0, 0, 1),
		    utc(2027, 1, 1, 0, 0, 1) },
		{ "qf701001aa000001", utc(2026, 12, 31, 0, 0, 0),
		    utc(2027, 1, 1, 0, 0, 1) },
		{ "qf6BVNxxaa000001", utc(2027, 1, 1, 0, 0, 0),
		    utc(2026, 12, 31, 23, 59, 59) },
		{ "qf551000aa000001", id26, utc(2025, 6, 1, 0, 0, 0) },
		{ "qf751000aa000001", id26, utc(2027, 6, 1, 0, 0, 0) },
		{ "qfxBVNxxaa000001", utc(2020, 5, 1, 0, 0, 0),
		    utc(2019, 12, 31, 23, 59, 59) },
	};
	int64_t when;
	size_t i;
	int rc;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		when = -1;
		rc = id_time(rows[i].name, rows[i].now, &when);
		if (when != rows[i].when || rc != (when == -1 ? -1 : 0))
			fail_msg("row %zu, '%s': %d, %" PRId64, i, rows[i].name,
			    rc, when);
	}
}

/* Any second of 80 years, seen at once, a day early, and decades later. */
static void
test_id_sweep(void **state)
{
	static const int64_t later[] = { 0, -DAY, 1, 3600, 30 * DAY, 366 * DAY,
		21000 * DAY };
	const int64_t end = utc(2060, 1, 1, 0, 0, 0);
	int64_t t, when;
	struct tm tm;
	char name[32];
	time_t clock;
	size_t i;

	(void)state;
	for (t = utc(1980, 1, 1, 0, 0, 0); t < end; t += 100003) {
		clock = (time_t)t;
		if (clock != t)
			break; /* it has 32 bits */
		assert_non_null(gmtime_r(&clock, &tm));
		snprintf(name, sizeof(name), "qf%c%c%c%c%c%caA004101",
		    alphabet[tm.tm_year % 60], alphabet[tm.tm_mon],
		    alphabet[tm.tm_mday], alphabet[tm.tm_hour],
		    alphabet[tm.tm_min], alphabet[tm.tm_sec]);
		for (i = 0; i < ROWS(later); i++)
			if (id_time(name, t + later[i], &when) != 0 ||
			    when != t)
				fail_msg("'%s' is not of %" PRId64
					 " at %" PRId64,
				    name, t, t + later[i]);
	}
}

static int
open_dir(const char *name)
{
	int fd = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	assert_true(fd != -1);
	return fd;
}

static void
test_arrival(void **state)
{
	static const struct {
		const char *name;
		int64_t when;
	} rows[] = {
		{ "qfKAA12345", 1000000001 }, /* df, and not qf */
		{ "qfKAA12346", 1000000003 }, /* qf, as there is no df */
		{ "qfKAA12347", 1000000004 }, /* df, the qf just left */
		{ "qf345678901234567890", 1000000005 },
	};
	int64_t when;
	size_t i;
	int control, body, file;

	(void)state;
	tree_make_at("df/dfKAA12345", 1000000001);
	tree_make_at("qf/qfKAA12345", 1000000002);
	tree_make_at("qf/qfKAA12346", 1000000003);
	tree_make_at("df/dfKAA12347", 1000000004);
	tree_make_at("df/df345678901234567890", 1000000005);
	control = open_dir("qf");
	body = open_dir("df");
	for (i = 0; i < ROWS(rows); i++) {
		when = -1;
		assert_int_equal(sendmail_mta.arrival(control, body,
				     rows[i].name, &when),
		    0);
		assert_true(when == rows[i].when);
	}
	/* The other kinds have a df as well. */
	assert_int_equal(sendmail_mta.arrival(control, body, "hfKAA12345",
			     &when),
	    0);
	assert_true(when == 1000000001);
	when = 4711;
	assert_int_equal(sendmail_mta.arrival(control, body, "qfKAA99999",
			     &when),
	    -1);
	assert_int_equal(errno, ENOENT);
	/* Any other error is not taken for a message that left. */
	file = openat(body, "dfKAA12345", O_RDONLY);
	assert_int_equal(sendmail_mta.arrival(control, file, "qfKAA12345",
			     &when),
	    -1);
	assert_int_equal(errno, ENOTDIR);
	assert_true(when == 4711);
	close(file);
	close(body);
	close(control);
}

static void
test_body_size(void **state)
{
	int64_t bytes = 4711;
	int control, body;

	(void)state;
	tree_write("qf/qfKAA12345", "V8\n");
	tree_write("df/dfKAA12345", "12345");
	tree_make("df/dfKAA12346/");
	control = open_dir("qf");
	body = open_dir("df");
	assert_int_equal(sendmail_mta.body_size(control, body, "qfKAA12347",
			     &bytes),
	    -1);
	assert_int_equal(errno, ENOENT);
	assert_int_equal(sendmail_mta.body_size(control, body, "qfKAA12346",
			     &bytes),
	    -1);
	assert_int_equal(errno, EINVAL);
	assert_int_equal(bytes, 4711);
	assert_int_equal(sendmail_mta.body_size(control, body, "hfKAA12345",
			     &bytes),
	    0);
	assert_int_equal(bytes, 5);
	close(body);
	close(control);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_classify),
		cmocka_unit_test(test_is_draft),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_id_forms),
		cmocka_unit_test(test_id_refuse),
		cmocka_unit_test(test_id_whole_pid),
		cmocka_unit_test(test_id_year),
		cmocka_unit_test(test_id_sweep),
		TREE_TEST(test_arrival),
		TREE_TEST(test_body_size),
	};

	return UNIT_RUN(tests);
}
