/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_journal.c - one line a message, before and after */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "envelopes.h"
#include "tree.h"

#include "base/fsx.h"
#include "change/journal.h"

#define NOW INT64_C(1795342500) /* 2026-11-22T10:15:00Z */
#define LINE                                                \
	"2026-11-22T10:15:00Z\thold\t/q\tID1\t192.0.2.10\t" \
	"a@b.example\t1:c@d\t"

static struct journal
must_open(const char *path)
{
	struct journal j = JOURNAL_INIT;
	struct buf why = BUF_INIT;

	if (journal_open(&j, path, &why) != 0)
		fail_msg("%s", buf_str(&why));
	return j;
}

static void
assert_file(const char *want)
{
	struct buf b = BUF_INIT;

	assert_int_equal(fsx_read(AT_FDCWD, "j", 0, 1 << 20, &b), 0);
	unit_assert_text(buf_str(&b), want, "j");
	buf_free(&b);
}

static size_t
add(struct buf *b, const char *id)
{
	struct envelope e = parse_file(TOP GOOD "\nS<a@b.example>\n.\n");

	return journal_add(b, NOW, "hold", "/q", id, &e, "1:c@d");
}

static void
test_lines(void **state)
{
	static const struct {
		const char *file, *recipients, *want;
	} rows[] = {
		{ TOP GOOD "\nS<a@b.example>\n.\n", "0",
		    "192.0.2.10\ta@b.example\t0" },
		{ "$_[IPv6:2001:DB8:0:0:0:0:0:1]\nS<>\n", "1",
		    "2001:db8::1\t<>\t1" },
		{ "$_localhost [127.0.0.1]\nS<a\tb|c\x81>\n", "1:x",
		    "127.0.0.1\ta?b_c?\t1:x" },
		{ "$_root@localhost\nSroot\n", "1", "local\troot\t1" },
		{ "$_junk\nSroot\n", "1\n2", "unknown\troot\t1?2" },
	};
	struct buf b = BUF_INIT, want = BUF_INIT;
	struct envelope e;
	size_t i, at;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		e = parse_file(rows[i].file);
		at = journal_add(&b, NOW, "move", "/a b", "ID\n", &e,
		    rows[i].recipients);
		buf_addf(&want,
		    "2026-11-22T10:15:00Z\tmove\t/a b\tID?\t%s\t"
		    "pending   \n",
		    rows[i].want);
		unit_assert_text(buf_str(&b), buf_str(&want), rows[i].file);
		assert_int_equal(at, b.len - JOURNAL_RESULT - 1);
		journal_set(&b, at, "incomplete and more");
		assert_string_equal(b.data + at, "incomplete\n");
		journal_set(&b, at, "done");
		assert_string_equal(b.data + at, "done      \n");
		buf_truncate(&b, 0);
		buf_truncate(&want, 0);
	}
	buf_free(&b);
	buf_free(&want);
}

/* Two that write at once each find their own lines again. */
static void
test_results(void **state)
{
	struct journal one = must_open("j"), two = must_open("j");
	struct buf a = BUF_INIT, b = BUF_INIT;
	size_t at_a = add(&a, "ID1"), at_b = add(&b, "ID1");
	off_t off_a, off_b;
	struct stat st;

	(void)state;
	assert_int_equal(journal_note(&one, NOW, "begin", "all\nthis"), 0);
	assert_int_equal(journal_begin(&one, &a, &off_a), 0);
	assert_int_equal(journal_begin(&two, &b, &off_b), 0);
	assert_file("2026-11-22T10:15:00Z\tbegin\t-\t-\t-\t-\t-\tall\n" LINE
		    "pending   \n" LINE "pending   \n");
	journal_set(&a, at_a, "done");
	journal_set(&b, at_b, "gone");
	assert_int_equal(journal_end(&two, &b, off_b), 0);
	assert_int_equal(journal_end(&one, &a, off_a), 0);
	assert_file("2026-11-22T10:15:00Z\tbegin\t-\t-\t-\t-\t-\tall\n" LINE
		    "done      \n" LINE "gone      \n");
	/* Somebody made it shorter. */
	assert_int_equal(truncate("j", 10), 0);
	assert_int_equal(journal_end(&two, &b, off_b), -1);
	assert_int_equal(errno, ESTALE);
	assert_int_equal(stat("j", &st), 0);
	assert_int_equal(st.st_size, 10);
	assert_int_equal(st.st_mode & 07777, 0600);
	buf_free(&a);
	buf_free(&b);
	journal_close(&one);
	journal_close(&two);
}

static const char *
settle(void *arg, const char *action, const char *queue, const char *id)
{
	struct buf *seen = arg;

	buf_addf(seen, "%s %s %s;", action, queue, id);
	if (*id == '\0')
		return NULL;
	return strcmp(id, "ID2") == 0 ? "undone" : "done";
}

static void
test_settle(void **state)
{
	static const char text[] = "junk\n\t\t\t\t\t\t\tpending   \n"
				   "t\thold\t/q\tID1\tr\ts\t1\tpending   \n"
				   "t\thold\t/q\tID9\tr\ts\t1\tdone      \n"
				   "t\tdelete\t/p\tID2\tr\ts\t1\tpending   \n"
				   "t\thold\t/q\tID3\tr\ts\t1\tx\tpending   \n"
				   "t\thold\t/q\tID4\tr\ts\t1\tpending\n"
				   "t\tmove\t/q\tID5\tr\ts\t1\tpend";
	struct buf seen = BUF_INIT, b = BUF_INIT;
	struct journal j, other;
	size_t n;

	(void)state;
	tree_write("j", text);
	other = must_open("j");
	j = must_open("j");
	/* Another process may still be at work on them. */
	assert_int_equal(journal_settle(&j, settle, &seen, &n), 0);
	assert_int_equal(n, 0);
	journal_close(&other);
	assert_int_equal(journal_settle(&j, settle, &seen, &n), 0);
	assert_int_equal(n, 2);
	unit_assert_text(buf_str(&seen), "  ;hold /q ID1;delete /p ID2;", "");
	assert_int_equal(journal_settle(&j, settle, &seen, &n), 0);
	assert_int_equal(n, 0);
	/* What a full disk has cut does not spoil the next line. */
	add(&b, "ID1");
	journal_begin(&j, &b, &(off_t){ 0 });
	assert_file("junk\n\t\t\t\t\t\t\tpending   \n"
		    "t\thold\t/q\tID1\tr\ts\t1\tdone      \n"
		    "t\thold\t/q\tID9\tr\ts\t1\tdone      \n"
		    "t\tdelete\t/p\tID2\tr\ts\t1\tundone    \n"
		    "t\thold\t/q\tID3\tr\ts\t1\tx\tpending   \n"
		    "t\thold\t/q\tID4\tr\ts\t1\tpending\n"
		    "t\tmove\t/q\tID5\tr\ts\t1\tpend\n" LINE "pending   \n");
	assert_int_equal(flock(j.append, LOCK_EX | LOCK_NB), -1);
	journal_close(&j);
	buf_free(&seen);
	buf_free(&b);
}

/* A file that a crash has left with NULs: such a line is none of ours. */
static void
test_settle_nul(void **state)
{
	static const char text[] = "t\thold\t/q\tID1\tr\ts\t1\tpending   \0\0\n"
				   "t\thold\t/q\tID3\tr\ts\t1\tpending   \n";
	struct buf seen = BUF_INIT;
	struct journal j;
	size_t n;

	(void)state;
	tree_write_bytes("j", text, sizeof(text) - 1);
	j = must_open("j");
	assert_int_equal(journal_settle(&j, settle, &seen, &n), 0);
	assert_int_equal(n, 1);
	unit_assert_text(buf_str(&seen), "hold /q ID3;", "");
	journal_close(&j);
	buf_free(&seen);
}

static void
test_refused(void **state)
{
	struct journal j = JOURNAL_INIT;
	struct buf why = BUF_INIT;

	(void)state;
	tree_make("real");
	assert_int_equal(symlink("real", "link"), 0);
	assert_int_equal(journal_open(&j, "link", &why), -1);
	unit_assert_text(buf_str(&why),
	    "the journal link can't be used: it"
	    " is a symbolic link; name another one: --journal FILE",
	    "link");
	assert_int_equal(j.fd, -1);
	buf_truncate(&why, 0);
	assert_int_equal(journal_open(&j, ".", &why), -1);
	assert_int_equal(journal_open(&j, "/dev/null", &why), -1);
	assert_int_equal(journal_open(&j, "no/j", &why), -1);
	tree_write("w", "");
	assert_int_equal(chmod("w", 0620), 0);
	buf_truncate(&why, 0);
	assert_int_equal(journal_open(&j, "w", &why), -1);
	unit_assert_text(buf_str(&why),
	    "the journal w can't be used: other users may write to it;"
	    " name another one: --journal FILE",
	    "w");
	if (getuid() == 0) {
		assert_int_equal(chown("w", TREE_NOBODY, TREE_NOBODY), 0);
		buf_truncate(&why, 0);
		assert_int_equal(journal_open(&j, "w", &why), -1);
		unit_assert_text(buf_str(&why),
		    "the journal w can't be used: it belongs to another"
		    " user; name another one: --journal FILE",
		    "w");
	}
	buf_free(&why);
}

/* begin() of two lines, with room for so many bytes more. */
static int
begin_in(struct journal *j, rlim_t room, off_t *at)
{
	struct rlimit was, limit;
	struct buf b = BUF_INIT;
	struct stat st;
	int rc, error;

	assert_int_equal(fstat(j->fd, &st), 0);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &was), 0);
	limit = was;
	limit.rlim_cur = (rlim_t)st.st_size + room;
	add(&b, "ID1");
	add(&b, "ID2");
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	rc = journal_begin(j, &b, at);
	error = errno;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &was), 0);
	buf_free(&b);
	errno = error;
	return rc;
}

/* No room for all of it: none of it is left, or none of it is pending. */
static void
test_no_room(void **state)
{
	struct journal j, other;
	struct buf b = BUF_INIT;
	off_t at;

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	tree_write("j", "first\n");
	assert_int_equal(chmod("j", 0600), 0);
	j = must_open("j");
	assert_int_equal(begin_in(&j, 0, &at), -1);
	assert_file("first\n");
	assert_int_equal(begin_in(&j, sizeof(LINE) + 20, &at), -1);
	assert_int_equal(errno, EFBIG);
	assert_file("first\n");

	/* Another process could have added lines behind these. */
	other = must_open("j");
	assert_int_equal(begin_in(&j, sizeof(LINE) + 20, &at), -1);
	assert_file("first\n" LINE "undone    \n2026-11-22");
	/* What comes next begins a line of its own. */
	add(&b, "ID1");
	assert_int_equal(journal_begin(&j, &b, &at), 0);
	assert_file("first\n" LINE "undone    \n2026-11-22\n" LINE
		    "pending   \n");
	assert_int_equal(journal_end(&j, &b, at), 0);
	journal_close(&other);
	journal_close(&j);
	buf_free(&b);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		TREE_TEST(test_results),
		TREE_TEST(test_settle),
		TREE_TEST(test_settle_nul),
		TREE_TEST(test_refused),
		TREE_TEST(test_no_room),
	};

	return UNIT_RUN(tests);
}
