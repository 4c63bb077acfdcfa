/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_qflush.c - qflush's options, its plan and its pace */
#include <errno.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "envelopes.h"
#include "unit.h"

#include "mta/sendmail/sendmail.h"
#include "tools/qflush/config.h"
#include "tools/qflush/drip.h"
#include "tools/qflush/plan.h"
#include "tools/qflush/room.h"
#include "tools/qflush/run.h"

#define NOW  INT64_C(1795342500) /* 2026-11-22 10:15 */
#define ARGS 9

/* Of a command line in one string. */
static int
parse_line(struct qflush_config *c, const char *line, struct buf *why)
{
	static char copy[256], program[] = "qflush";
	char *argv[ARGS + 1] = { program }, *rest = NULL, *word;
	int argc = 1;

	strncpy(copy, line, sizeof(copy) - 1);
	for (word = strtok_r(copy, " ", &rest); word != NULL && argc < ARGS;
	     word = strtok_r(NULL, " ", &rest))
		argv[argc++] = word;
	return qflush_config_parse(c, argc, argv, why);
}

static void
test_refused(void **state)
{
	static const char *const rows[][2] = {
		/* clang-format off */
		{ "", "whose mail? expected an address, a prefix or another"
		  " selector" },
		{ "--yes --hold", "whose mail? expected an address, a prefix"
		  " or another selector" },
		{ "--hold --delete 192.0.2.1", "expected one of --hold,"
		  " --release, --move, --restore and --delete" },
		{ "--held 192.0.2.1", "--held goes with --move or --delete" },
		{ "--any-reason --delete 192.0.2.1",
		  "--any-reason goes with --release or --held" },
		{ "--rate 5 192.0.2.1", "--rate and --below go with"
		  " --release" },
		{ "--below 5 --delete 192.0.2.1",
		  "--rate and --below go with --release" },
		{ "--reason x --delete 192.0.2.1", "--reason goes with"
		  " --hold, --release or --held" },
		{ "--release --reason= 192.0.2.1",
		  "--reason: expected a text" },
		{ "--hold --reason * 192.0.2.1", "--reason '*' stands for every"
		  " reason; to hold, expected one of your own" },
		{ "--release --any-reason --reason x 192.0.2.1",
		  "--reason doesn't go with --any-reason: one of them says"
		  " which reasons are meant" },
		{ "--force-local --release 192.0.2.1", "--force-local is not"
		  " needed to put mail back, or for what is held" },
		{ "--max x 192.0.2.1", "--max 'x': expected a number of"
		  " messages like 3000, or a share of the queue like 30%" },
		{ "--max 101% 192.0.2.1", "--max '101%': expected a number of"
		  " messages like 3000, or a share of the queue like 30%" },
		{ "--max -1 192.0.2.1", "--max '-1': expected a number of"
		  " messages like 3000, or a share of the queue like 30%" },
		{ "--release --rate 5/h 192.0.2.1",
		  "--rate '5/h': expected messages a minute, like 300/min" },
		{ "--release --rate 0/min 192.0.2.1",
		  "--rate '0/min': expected messages a minute, like"
		  " 300/min" },
		{ "--rescan x 192.0.2.1", "--rescan 'x': expected a whole"
		  " number" },
		{ "192.0.2.300", "'192.0.2.300': expected an address, a prefix"
		  " like 192.0.2.0/24, name:SUFFIX, helo:NAME,"
		  " sender:ADDRESS, sender-domain:DOMAIN, recipient:ADDRESS,"
		  " recipient-domain:DOMAIN, status:REASON, class:CLASS,"
		  " older:DURATION or newer:DURATION" },
		/* clang-format on */
	};
	struct buf why = BUF_INIT;
	struct qflush_config c;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		assert_int_equal(parse_line(&c, rows[i][0], &why), -1);
		unit_assert_text(buf_str(&why), rows[i][1], rows[i][0]);
		qflush_config_free(&c);
		buf_truncate(&why, 0);
	}
	buf_free(&why);
}

static void
test_taken(void **state)
{
	static const struct {
		const char *line;
		enum change_action action;
		const char *reason;
		uint64_t limit; /* of 1017 */
	} rows[] = {
		{ "192.0.2.1", CHANGE_HOLD, "qflush: 192.0.2.1", 203 },
		{ "192.0.2.1 older:1m", CHANGE_HOLD,
		    "qflush: 192.0.2.1 older:1m", 203 },
		{ "--hold --max 30% 192.0.2.1 --reason a\x80\tb", CHANGE_HOLD,
		    "qflush: a??b", 305 },
		{ "--delete 192.0.2.1 --max 100%", CHANGE_DELETE, NULL, 1017 },
		{ "--move /d 192.0.2.1 --max 7", CHANGE_MOVE, NULL, 7 },
		{ "--release 192.0.2.1", CHANGE_RELEASE, NULL, UINT64_MAX },
		{ "--release 192.0.2.1 --max 0", CHANGE_RELEASE, NULL, 0 },
		{ "--restore /d", CHANGE_RESTORE, NULL, UINT64_MAX },
		{ "--held --delete 192.0.2.1", CHANGE_DELETE, NULL, 203 },
	};
	struct buf why = BUF_INIT;
	struct qflush_config c;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		if (parse_line(&c, rows[i].line, &why) != 0)
			fail_msg("%s: %s", rows[i].line, buf_str(&why));
		assert_int_equal(c.action, rows[i].action);
		assert_false(c.yes);
		assert_int_equal(qflush_config_limit(&c, 1017), rows[i].limit);
		if (rows[i].reason != NULL)
			unit_assert_text(buf_str(&c.reason), rows[i].reason,
			    rows[i].line);
		qflush_config_free(&c);
	}
	buf_free(&why);
}

#define R40 "aaaaaaaaaabbbbbbbbbbccccccccccdddddddddd"

/* Which reasons a message may be held with to be released. */
static void
test_reason(void **state)
{
	static const char *const rows[][2] = {
		{ "--release 192.0.2.1", NULL },
		{ "--release --reason * 192.0.2.1", NULL },
		{ "--release --any-reason 192.0.2.1", NULL },
		{ "--held --delete 192.0.2.1", NULL },
		{ "--release --reason flood 192.0.2.1", "qflush: flood" },
		{ "--release --reason ** 192.0.2.1", "qflush: **" },
		{ "--held --move /d --reason a|b\x80 192.0.2.1",
		    "qflush: a_b?" },
		{ "--release --reason flood\t 192.0.2.1", "qflush: flood" },
		{ "--release --reason " R40 R40 R40 " 192.0.2.1",
		    "qflush: " R40 R40 R40 },
		/* Whatever follows, two that are cut are not the same. */
		{ "--release --reason " R40 R40 R40 "1 192.0.2.1",
		    "qflush: " R40 R40 "aaaaaaaaaabbbbbbbbbbccccccccc"
		    "...5845894a" },
		{ "--release --reason " R40 R40 R40 "10 192.0.2.1",
		    "qflush: " R40 R40 "aaaaaaaaaabbbbbbbbbbccccccccc"
		    "...67450a7a" },
	};
	struct buf why = BUF_INIT;
	struct qflush_config c;
	struct wanted w;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		if (parse_line(&c, rows[i][0], &why) != 0)
			fail_msg("%s: %s", rows[i][0], buf_str(&why));
		w = qflush_config_wanted(&c, NOW);
		unit_assert_text(w.reason, rows[i][1], rows[i][0]);
		unit_assert_text(w.mark,
		    c.any_reason ? NULL : "qflush: ", rows[i][0]);
		qflush_config_free(&c);
	}
	buf_free(&why);
}

/* A relay's message, so many seconds old. */
static void
add(struct gather *g, const char *relay, int64_t age, unsigned int sender)
{
	struct buf b = BUF_INIT;
	struct envelope e;

	buf_addf(&b, "T%lld\n$_%s\nS<s%u@x.example>\nRPF:<a@b>\n.\n",
	    (long long)(NOW - age), relay, sender);
	e = parse_file(buf_str(&b));
	assert_int_equal(tally_add(&g->tally, &e), 0);
	g->survey.total++;
	buf_free(&b);
}

static void
test_plan(void **state)
{
	static const char want[] =
	    "would hold 404 of 500 messages (81%); nothing is changed\n"
	    "  404 in /q\n\n"
	    "relay      messages before senders oldest newest flood began"
	    " host\n"
	    "192.0.2.66      400      4      20   2h2m    16s 10:09      "
	    " evil_b_.example\n"
	    "192.0.2.1         3      ?       1     5m     5m -\n"
	    "1 of class local\n\n"
	    "4 came before the flood of their relay began, and may be wanted:"
	    " look at them first\n  qstat --messages 192.0.2.66 older:346s\n"
	    "where it says ?, no flood stands out: all of it may be wanted\n"
	    "examples: A A A A A\n"
	    "left alone: 7 that this host made or a program on it handed over"
	    " (--force-local)\n"
	    "to do it: --yes --max 404 (it is over the limit of 100)\n";
	struct queue_dir dir = { .path = (char[]){ "/q" } };
	const struct queue queue = { .mta = &sendmail_mta };
	struct mta_place place = { .queue = &queue, .dir = &dir };
	struct mta_place_list places = { &place, 1 };
	struct gather g = { .n = 404 };
	struct buf b = BUF_INIT;
	struct qflush_config c;
	unsigned int i;

	(void)state;
	setenv("TZ", "UTC", 1);
	tzset();
	assert_int_equal(parse_line(&c, "192.0.2.66", &b), 0);
	tally_init(&g.tally, KEY_RELAY, NOW);
	for (i = 0; i < 396; i++)
		add(&g, "evil<b>.example [192.0.2.66]", 16 + i % 331, i % 20);
	for (i = 0; i < 4; i++)
		add(&g, "evil<b>.example [192.0.2.66]", 7200 + i * 40, 1);
	for (i = 0; i < 3; i++)
		add(&g, "[192.0.2.1]", 300, 1);
	add(&g, "root@localhost", 60, 1);
	tally_sort(&g.tally);
	g.survey.total = 500;
	g.verdict[WANTED_LOCAL] = 7;
	g.v = calloc(g.n, sizeof(*g.v));
	for (i = 0; i < g.n; i++)
		memcpy(g.v[i].name, "qfA", sizeof("qfA"));
	qflush_plan_add(&b, &c, &g, &places, NOW);
	unit_assert_text(buf_str(&b), want, "plan");
	gather_free(&g);
	qflush_config_free(&c);
	buf_free(&b);
}

static void
test_drip(void **state)
{
	static const struct {
		double per_minute;
		uint64_t below;
		size_t left;
		int64_t ms;
		size_t released;
		uint64_t queued;
		size_t allowed;
	} rows[] = {
		{ 600, 0, 1000, 0, 0, 0, 10 },
		{ 600, 0, 1000, 1000, 10, 0, 10 },
		{ 600, 0, 1000, 1500, 10, 0, 15 },
		{ 600, 0, 4, 60000, 10, 0, 4 },
		{ 1, 0, 9, 0, 0, 0, 1 },
		{ 1, 0, 9, 1000, 1, 0, 0 },
		{ 1, 0, 9, 119000, 1, 0, 1 },
		{ 0, 500, 1000, 0, 0, 100, 400 },
		{ 0, 500, 1000, 0, 0, 500, 0 },
		{ 0, 500, 1000, 0, 0, 900, 0 },
		{ 0, 500, 7, 0, 0, 100, 7 },
		{ 600, 500, 1000, 0, 0, 495, 5 },
		{ 600, 500, 1000, 0, 0, 5, 10 },
	};
	struct qflush_config c = { .below = 0 };
	size_t i, got;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		c.per_minute = rows[i].per_minute;
		c.below = rows[i].below;
		got = qflush_drip_allowed(&c, rows[i].left, rows[i].ms,
		    rows[i].released, rows[i].queued);
		if (got != rows[i].allowed)
			fail_msg("row %zu: %zu", i, got);
	}
}

/* A count that failed is a lower bound, and never 0. */
static void
test_drip_unknown(void **state)
{
	static const struct {
		uint64_t below, queued;
		size_t failed;
		bool cut_short, known;
	} rows[] = {
		{ 500, 0, 0, false, true },
		{ 500, 0, 1, false, false },
		{ 500, 499, 1, false, false },
		{ 500, 500, 1, false, true },
		{ 500, 0, 0, true, false },
		{ 500, 499, 0, true, false },
		{ 500, 501, 0, true, true },
		/* Nobody asked. */
		{ 0, 0, 1, true, true },
	};
	struct queue_dir dir = { .path = (char[]){ "/q" } };
	struct qflush_config c = { .below = 0 };
	struct scan_count n;
	struct buf why = BUF_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		c.below = rows[i].below;
		n = (struct scan_count){
			.queued = rows[i].queued,
			.failed = rows[i].failed,
			.cut_short = rows[i].cut_short,
		};
		if (qflush_drip_knows(&c, &n) != rows[i].known)
			fail_msg("row %zu", i);
	}
	c.below = 5;
	n = (struct scan_count){ .failed = 1,
		.failed_dir = &dir,
		.error = EACCES };
	qflush_drip_unknown(&why, &c, &n);
	unit_assert_text(buf_str(&why),
	    "--below 5: nothing is released while it isn't known how many"
	    " messages are queued: /q: Permission denied; mend that, or use"
	    " --rate alone",
	    "a directory");
	buf_truncate(&why, 0);
	n = (struct scan_count){ .cut_short = true };
	qflush_drip_unknown(&why, &c, &n);
	unit_assert_text(buf_str(&why),
	    "--below 5: nothing is released while it isn't known how many"
	    " messages are queued: counting them took more than a minute;"
	    " mend that, or use --rate alone",
	    "time");
	buf_free(&why);
}

/* What is full, and what helps. */
static void
test_room(void **state)
{
#define FULL "full: /q is on the file system /m, which has 0 kB of 2.9 MB free"
#define NEED "; a new control file needs 8 kB and an inode\n"
	static const struct {
		enum change_action action;
		int error;
		bool journal, known;
		uint64_t inodes;
		const char *want;
	} rows[] = {
		{ CHANGE_HOLD, ENOSPC, false, true, 9,
		    FULL ", and 0 of 9 inodes" NEED
			 "--delete needs no room, and --move DIR, to a"
			 " directory of that file system, hardly any;\n  or"
			 " free some there, and the same command goes on\n" },
		{ CHANGE_RELEASE, ENOSPC, false, true, 0,
		    FULL NEED "free some there, and the same command goes"
			      " on\n" },
		{ CHANGE_RELEASE, EDQUOT, false, false, 0,
		    "over quota: /q is on the file system /m\n"
		    "free some there, and the same command goes on\n" },
		{ CHANGE_DELETE, ENOSPC, true, true, 0,
		    FULL "\nfree some there, or name a journal on another file"
			 " system: --journal FILE\n" },
		{ CHANGE_HOLD, EMFILE, false, true, 0,
		    "this needs 72 open files: raise the limit of open files:"
		    " ulimit -n, or LimitNOFILE= of its systemd unit\n" },
		{ CHANGE_HOLD, ENFILE, false, true, 0,
		    "the system has no open file left: end what has too many,"
		    " or raise fs.file-max\n" },
		{ CHANGE_HOLD, EROFS, false, true, 0, "" },
		{ CHANGE_HOLD, 0, false, true, 0, "" },
	};
	struct qflush_room room = { .mount = (char[]){ "/m" },
		.block = 4096,
		.size = 3000 * 1024 };
	struct flush_count count = { .fatal = "x" };
	struct qflush_config c = { .below = 0 };
	struct buf b = BUF_INIT;
	size_t i;

	(void)state;
	count.example[CHANGE_FAILED].bytes = 3900;
	for (i = 0; i < ROWS(rows); i++) {
		c.action = rows[i].action;
		count.error = rows[i].error;
		count.journal = rows[i].journal;
		room.known = rows[i].known;
		room.inodes = rows[i].inodes;
		qflush_room_add(&b, &c, &count, &room, "/q", 72);
		unit_assert_text(buf_str(&b), rows[i].want, "room");
		buf_truncate(&b, 0);
	}
	buf_free(&b);
}

/* The file system of a path begins at one that is above it. */
static void
test_room_look(void **state)
{
	struct qflush_room room;

	(void)state;
	qflush_room_look(&room, "/");
	assert_string_equal(room.mount, "/");
	assert_true(room.known && room.block != 0);
	qflush_room_free(&room);
	qflush_room_look(&room, "/proc/self/status");
	assert_string_equal(room.mount, "/proc");
	qflush_room_free(&room);
	qflush_room_look(&room, "/no/such/path");
	assert_null(room.mount);
	assert_false(room.known);
	qflush_room_free(&room);
}

/* All queues have to be of one server, whose messages can be changed. */
static void
test_server(void **state)
{
	static const char *const want[] = {
		"the queues are of different mail servers, sendmail and other;"
		" name those of one with -q",
		"the messages of other cannot be changed",
	};
	const struct qflush_env env = { .clock = &when_system, .screen = -1 };
	struct buf out = BUF_INIT, why = BUF_INIT;
	struct qflush_config c;
	struct mta other;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(want); i++) {
		assert_int_equal(parse_line(&c,
				     "--yes -q /nowhere/a -q /nowhere/b"
				     " --journal /nowhere/j 192.0.2.66",
				     &why),
		    0);
		other = *c.queues.v[0].mta;
		other.name = "other";
		other.change = NULL;
		c.queues.v[1].mta = &other;
		if (i == 1)
			c.queues.v[0].mta = &other;
		assert_int_equal(qflush_run(&c, &env, &out, &why),
		    QFLUSH_FAILED);
		unit_assert_text(buf_str(&why), want[i], "why");
		assert_int_equal(out.len, 0);
		qflush_config_free(&c);
		buf_free(&why);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_taken),
		cmocka_unit_test(test_reason),
		cmocka_unit_test(test_plan),
		cmocka_unit_test(test_drip),
		cmocka_unit_test(test_drip_unknown),
		cmocka_unit_test(test_room),
		cmocka_unit_test(test_room_look),
		cmocka_unit_test(test_server),
	};

	return UNIT_RUN(tests);
}
