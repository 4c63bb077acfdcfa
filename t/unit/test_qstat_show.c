/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_qstat_show.c - one message's control file, made fit for a terminal */
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tree.h"

#include "mta/sendmail/sendmail.h"
#include "tools/qstat/show.h"

static void
test_lines(void **state)
{
	static const struct {
		const char *bytes, *want;
	} rows[] = {
		{ "", "" },
		{ "V8\nT1\n.\n", "V8\nT1\n.\n" },
		{ "no end", "no end\n" },
		{ "S<a@b.example>\n", "S<a@b.example>\n" },
		{ "a\r\nb\rc\n", "a\nb?c\n" },
		{ "\r\n", "\n" },
		{ "H??X: 1\n\tfolded\there\n  too\n",
		    "H??X: 1\n        folded here\n  too\n" },
		{ "\033[2J|\x07\xff\n", "?[2J_??\n" },
	};
	struct buf got = BUF_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		qstat_show_lines(&got, rows[i].bytes, strlen(rows[i].bytes));
		assert_string_equal(buf_str(&got), rows[i].want);
		buf_free(&got);
	}
	qstat_show_lines(&got, "a\0b", 3);
	assert_string_equal(buf_str(&got), "a?b\n");
	buf_free(&got);
}

/* What qstat_show_add() returns and adds; queues below ".". */
static void
expect(const char *id, int rc, const char *want, const char *why)
{
	struct queue_list queues = QUEUE_LIST_INIT;
	struct buf got = BUF_INIT, reason = BUF_INIT;

	assert_int_equal(queue_list_add_spec(&queues, &sendmail_mta, "in=a.in"),
	    0);
	assert_int_equal(queue_list_add_spec(&queues, &sendmail_mta, "out=b"),
	    0);
	assert_int_equal(qstat_show_add(&got, &queues, id, &reason), rc);
	assert_string_equal(buf_str(&got), want);
	assert_string_equal(buf_str(&reason), why);
	queue_list_free(&queues);
	buf_free(&got);
	buf_free(&reason);
}

static void
test_found(void **state)
{
	(void)state;
	tree_write("a.in/qfAAA12345", "V8\n.\n");
	tree_write("b/qf/qfBBB12345", "V4\n");
	tree_write("b/qf/hfCCC12345", "V1\n");
	tree_write("b/qf/QfAAA12345", "V2\n");
	expect("BBB12345", 0, "== b/qfBBB12345 (queued, 3 bytes)\nV4\n", "");
	expect("qfBBB12345", 0, "== b/qfBBB12345 (queued, 3 bytes)\nV4\n", "");
	expect("CCC12345", 0, "== b/hfCCC12345 (quarantined, 3 bytes)\nV1\n",
	    "");
	/* One id in two queues. */
	expect("AAA12345", 0,
	    "== a.in/qfAAA12345 (queued, 5 bytes)\nV8\n.\n"
	    "\n== b/QfAAA12345 (lost, 3 bytes)\nV2\n",
	    "");
}

static void
test_refused(void **state)
{
	static const char why[] = "': expected a queue id, without a"
				  " directory";
	static const char *const ids[] = { "../x", "/etc/passwd", "a/b", "" };
	struct buf want = BUF_INIT;
	size_t i;

	(void)state;
	TREE_MAKE("a.in/", "b/");
	for (i = 0; i < ROWS(ids); i++) {
		buf_addf(&want, "--show '%s%s", ids[i], why);
		expect(ids[i], -1, "", buf_str(&want));
		buf_free(&want);
	}
}

/* Nothing but control files that are files, whatever they are called. */
static void
test_not_found(void **state)
{
	static const char *const ids[] = { "LINK1234", "FIFO1234", "DIR12345",
		"..", ".", "dfBODY1234", "BODY1234", "qfqfX123456", "*",
		"nosuch", "DEVICE1234" };
	struct buf want = BUF_INIT;
	struct stat null;
	size_t i;

	(void)state;
	assert_int_equal(stat("/dev/null", &null), 0);
	TREE_MAKE("a.in/", "b/qfDIR12345/", "b/dfBODY1234");
	tree_write("secret", "secret\n");
	assert_int_equal(symlink("../secret", "b/qfLINK1234"), 0);
	assert_int_equal(mkfifo("b/qfFIFO1234", 0600), 0);
	/* As /dev/null; where only root may make one, there is none. */
	if (mknod("b/qfDEVICE1234", S_IFCHR | 0600, null.st_rdev) != 0)
		assert_int_equal(errno, EPERM);
	for (i = 0; i < ROWS(ids); i++) {
		buf_addf(&want, "no message '%s' in in, out", ids[i]);
		expect(ids[i], -1, "", buf_str(&want));
		buf_free(&want);
	}
}

static void
test_unreadable(void **state)
{
	(void)state;
	tree_write("a.in/qfAAA12345", "V8\n");
	expect("AAA12345", 1, "== a.in/qfAAA12345 (queued, 3 bytes)\nV8\n",
	    "b cannot be read: No such file or directory");
	expect("BBB12345", -1, "",
	    "b cannot be read: No such file or directory");
	TREE_MAKE("b/");
	assert_int_equal(chmod("a.in/qfAAA12345", 0), 0);
	tree_drop(TREE_NOBODY);
	expect("AAA12345", -1, "",
	    "a.in/qfAAA12345 cannot be read: Permission denied");
	tree_regain();
}

static void
test_large(void **state)
{
	static char large[QSTAT_SHOW_MAX + 100];
	struct queue_list queues = QUEUE_LIST_INIT;
	struct buf got = BUF_INIT, why = BUF_INIT;

	(void)state;
	memset(large, 'x', sizeof(large));
	tree_write_bytes("b/qfAAA12345", large, sizeof(large));
	assert_int_equal(queue_list_add_spec(&queues, &sendmail_mta, "b"), 0);
	assert_int_equal(qstat_show_add(&got, &queues, "AAA12345", &why), 0);
	assert_non_null(strstr(got.data, "(queued, 65636 bytes)\nxxxx"));
	assert_string_equal(strstr(got.data, "x\n=="),
	    "x\n== cut after 65536 bytes\n");
	assert_true(got.len < QSTAT_SHOW_MAX + 200);
	queue_list_free(&queues);
	buf_free(&got);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		TREE_TEST(test_found),
		TREE_TEST(test_refused),
		TREE_TEST(test_not_found),
		TREE_TEST(test_unreadable),
		TREE_TEST(test_large),
	};

	return UNIT_RUN(tests);
}
