/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_state.c - what a plugin keeps between two runs */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tree.h"
#include "unit.h"

#include "base/fsx.h"
#include "plug/state.h"

#define FIRST    "mqueue-plugins state 1\n"
#define NOT_OURS "state directory st: another user owns or may write to it"

/* A path below the user's directory; "" is that itself. */
static const char *
own(const char *rest)
{
	static char path[96];

	snprintf(path, sizeof(path), "st/%ju%s", (uintmax_t)geteuid(), rest);
	return path;
}

static int
open_state(void)
{
	struct buf why = BUF_INIT;
	int fd = state_open("st", geteuid(), "check_x", &why);

	assert_string_equal(buf_str(&why), "");
	return fd;
}

/* want NULL: any reason. */
static void
assert_refused(uid_t uid, const char *want)
{
	static const char start[] = "state directory st: ";
	struct buf why = BUF_INIT;

	assert_int_equal(state_open("st", uid, "check_x", &why), -1);
	if (want != NULL)
		assert_string_equal(buf_str(&why), want);
	assert_true(strncmp(buf_str(&why), start, sizeof(start) - 1) == 0);
	buf_free(&why);
}

static void
assert_mode(const char *path, mode_t want)
{
	struct stat st;

	assert_int_equal(lstat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, want);
}

static void
test_open_makes(void **state)
{
	mode_t mask = umask(0);
	struct stat st, opened;
	int fd = open_state();

	(void)state;
	umask(mask);
	assert_mode("st", 0755);
	assert_mode(own(""), 0700);
	assert_mode(own("/check_x"), 0700);
	assert_int_equal(stat(own("/check_x"), &st), 0);
	assert_int_equal(fstat(fd, &opened), 0);
	assert_int_equal(st.st_ino, opened.st_ino);
	assert_int_equal(fcntl(fd, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
	close(fd);
	close(open_state()); /* all of it is there */
}

static void
test_open_fails(void **state)
{
	struct buf why = BUF_INIT;

	(void)state;
	assert_int_equal(state_open("no/st", geteuid(), "check_x", &why), -1);
	assert_string_equal(buf_str(&why),
	    "state directory no/st: No such file or directory");
	buf_truncate(&why, 0);
	assert_int_equal(state_open("a|b\n/\xff", geteuid(), "x", &why), -1);
	assert_string_equal(buf_str(&why),
	    "state directory a_b?/?: No such file or directory");
	buf_free(&why);
	tree_make("st");
	assert_refused(geteuid(), "state directory st: Not a directory");
}

/* Directories that others can write to, and which are fine. */
static void
test_open_modes(void **state)
{
	static const struct {
		mode_t mode;
		bool fine;
	} rows[] = {
		/* clang-format off */
		{ 0700, true }, { 0755, true }, { 0750, true },
		{ 0770, false }, { 0720, false }, { 0702, false },
		{ 0777, false }, { 01777, false },
		/* clang-format on */
	};
	size_t i;

	(void)state;
	close(open_state());
	for (i = 0; i < ROWS(rows); i++) {
		assert_int_equal(chmod(own(""), rows[i].mode), 0);
		if (rows[i].fine)
			close(open_state());
		else
			assert_refused(geteuid(), NOT_OURS);
	}
	/* The prefix is everyone's, as /tmp would be: only ours matters. */
	assert_int_equal(chmod(own(""), 0700), 0);
	assert_int_equal(chmod("st", 01777), 0);
	close(open_state());
}

/* The innermost directory is one that others must not write to, too. */
static void
test_open_plugin_dir(void **state)
{
	(void)state;
	close(open_state());
	assert_int_equal(chmod(own("/check_x"), 0770), 0);
	assert_refused(geteuid(), NOT_OURS);
}

static void
test_open_foreign(void **state)
{
	(void)state;
	/* Our directory is not that of the next user. */
	assert_refused(geteuid() + 1, NOT_OURS);
	if (geteuid() != 0)
		return;
	close(open_state());
	assert_int_equal(chown(own(""), 1, 0), 0);
	assert_refused(0, NOT_OURS);
}

/* Links in place of the directories, though to fine ones. */
static void
test_open_links(void **state)
{
	(void)state;
	assert_int_equal(mkdir("st", 0700), 0);
	assert_int_equal(mkdir("target", 0700), 0);
	assert_int_equal(symlink("../target", own("")), 0);
	assert_refused(geteuid(), NULL);
	assert_int_equal(rmdir("target"), 0); /* nothing was made in it */

	assert_int_equal(unlink(own("")), 0);
	assert_int_equal(mkdir(own(""), 0700), 0);
	assert_int_equal(mkdir("target", 0700), 0);
	assert_int_equal(symlink("../../target", own("/check_x")), 0);
	assert_refused(geteuid(), NULL);
}

static void
test_key(void **state)
{
	/* FNV-1a of 64 bits, from its authors' test vectors. */
	static const struct {
		const char *label, *identity, *want;
	} rows[] = {
		{ "q", "", "q-cbf29ce484222325" },
		{ "q", "a", "q-af63dc4c8601ec8c" },
		{ "mqueue_in", "foobar", "mqueue_in-85944171f73967e8" },
	};
	static const char *const hostile[] = { "/", "..", "../../etc/passwd",
		"a\nb", "\xff\xfe", "%s%n", "mqueue\n/var/spool/mqueue",
		"mqueue\n/var/spool/mqueue2" };
	struct buf key = BUF_INIT, last = BUF_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		buf_truncate(&key, 0);
		state_key(&key, rows[i].label, rows[i].identity);
		assert_string_equal(buf_str(&key), rows[i].want);
	}
	for (i = 0; i < ROWS(hostile); i++) {
		buf_truncate(&key, 0);
		state_key(&key, "q", hostile[i]);
		assert_int_equal(key.len, 18);
		assert_memory_equal(buf_str(&key), "q-", 2);
		assert_int_equal(strspn(buf_str(&key) + 2, "0123456789abcdef"),
		    16);
		assert_string_not_equal(buf_str(&key), buf_str(&last));
		buf_truncate(&last, 0);
		buf_adds(&last, buf_str(&key));
	}
	buf_free(&key);
	buf_free(&last);
}

static void
test_round_trip(void **state)
{
	static const char text[] = "1 2 3\n\0more\n\xff";
	struct buf in = BUF_INIT, out = BUF_INIT;
	int dir = open_state();

	(void)state;
	/* Nothing is there. */
	assert_int_equal(state_load(dir, "key", &out), 0);
	assert_int_equal(out.len, 0);
	/* What is there is added. */
	buf_add(&in, text, sizeof(text));
	assert_int_equal(state_save(dir, "key", &in), 0);
	buf_adds(&out, "has ");
	assert_int_equal(state_load(dir, "key", &out), 0);
	assert_int_equal(out.len, 4 + sizeof(text));
	assert_memory_equal(out.data, "has ", 4);
	assert_memory_equal(out.data + 4, text, sizeof(text));
	assert_mode(own("/check_x/key"), 0600);
	/* Saved without memory for it: what was there stays. */
	in.oom = true;
	assert_int_equal(state_save(dir, "key", &in), -1);
	assert_int_equal(errno, ENOMEM);
	buf_truncate(&out, 0);
	assert_int_equal(state_load(dir, "key", &out), 0);
	assert_int_equal(out.len, sizeof(text));
	buf_free(&in);
	buf_free(&out);
	close(dir);
}

/* Files of other versions hold nothing for us; one of ours does. */
static void
test_version(void **state)
{
	static const struct {
		const char *file, *want;
	} rows[] = {
		{ "", "" },
		{ "1 2 3\n", "" },
		{ "mqueue-plugins state 1", "" },
		{ "mqueue-plugins state 2\n1 2 3\n", "" },
		{ "mqueue-plugins state 10\n1 2 3\n", "" },
		{ "Mqueue-plugins state 1\n1 2 3\n", "" },
		{ FIRST, "" },
		{ FIRST "1 2 3\n4", "1 2 3\n4" },
	};
	struct buf out = BUF_INIT;
	int dir = open_state();
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		assert_int_equal(fsx_replace(dir, "key", rows[i].file,
				     strlen(rows[i].file)),
		    0);
		buf_truncate(&out, 0);
		assert_int_equal(state_load(dir, "key", &out), 0);
		assert_string_equal(buf_str(&out), rows[i].want);
	}
	buf_free(&out);
	close(dir);
}

/* What is no file of ours is not read, and does not stop us either. */
static void
test_load_fails(void **state)
{
	struct buf out = BUF_INIT;
	int dir = open_state(), fd;

	(void)state;
	assert_int_equal(symlinkat("real", dir, "link"), 0);
	assert_int_equal(fsx_replace(dir, "real", FIRST "1 2 3\n",
			     sizeof(FIRST "1 2 3\n") - 1),
	    0);
	assert_int_equal(state_load(dir, "link", &out), -1);
	assert_int_equal(errno, ELOOP);
	assert_int_equal(mkfifoat(dir, "fifo", 0600), 0);
	assert_int_equal(state_load(dir, "fifo", &out), -1);
	assert_int_equal(errno, EINVAL);
	assert_true((fd = openat(dir, "large", O_WRONLY | O_CREAT, 0600)) >= 0);
	assert_int_equal(ftruncate(fd, 10000000), 0);
	close(fd);
	assert_int_equal(state_load(dir, "large", &out), -1);
	assert_int_equal(errno, EFBIG);
	assert_int_equal(out.len, 0);
	buf_free(&out);
	close(dir);
}

/* Saves 30,000 times its own letter, a few times over. */
static void
save_letters(int dir, char letter)
{
	struct buf text = BUF_INIT;
	int i, failed = 0;

	while (text.len < 30000)
		buf_addc(&text, letter);
	for (i = 0; i < 8; i++)
		failed |= state_save(dir, "key", &text);
	_exit(failed != 0);
}

/* Several savers at once: each reader finds one of them, whole. */
static void
test_concurrent(void **state)
{
	struct buf out = BUF_INIT;
	int dir = open_state(), children = 4, status, i;

	(void)state;
	for (i = 0; i < children; i++)
		if (fork() == 0)
			save_letters(dir, (char)('a' + i));
	while (children != 0) {
		buf_truncate(&out, 0);
		assert_int_equal(state_load(dir, "key", &out), 0);
		if (out.len != 0) {
			assert_int_equal(out.len, 30000);
			assert_memory_equal(out.data, out.data + 1, 29999);
		}
		if (waitpid(-1, &status, WNOHANG) > 0) {
			assert_int_equal(status, 0);
			children--;
		}
	}
	/* Nothing else is left behind. */
	assert_int_equal(unlinkat(dir, "key", 0), 0);
	assert_int_equal(rmdir(own("/check_x")), 0);
	close(dir);
	buf_free(&out);
}

/* What would be too long to be read back is not saved. */
static void
test_save_large(void **state)
{
	struct buf text = BUF_INIT, out = BUF_INIT;
	int dir = open_state();

	(void)state;
	while (text.len < STATE_MAX)
		buf_addc(&text, 'x');
	assert_int_equal(state_save(dir, "key", &text), 0);
	assert_int_equal(state_load(dir, "key", &out), 0);
	assert_int_equal(out.len, STATE_MAX);
	buf_addc(&text, 'x');
	assert_int_equal(state_save(dir, "key", &text), -1);
	assert_int_equal(errno, EFBIG);
	buf_free(&text);
	buf_free(&out);
	close(dir);
}

#define DAY INT64_C(86400)

/* What goes when nothing wrote it for a day, and what stays. */
static void
test_expire(void **state)
{
	static const struct {
		const char *name;
		int64_t age; /* seconds */
		bool stays;
	} rows[] = {
		/* clang-format off */
		{ "mqueue_in-0123456789abcdef", 0, true },
		{ "mqueue_in-1123456789abcdef", DAY - 100, true },
		{ "mqueue_in-2123456789abcdef", DAY + 100, false },
		{ "mqueue_in-3123456789abcdef", -DAY + 100, true },
		{ "mqueue_in-4123456789abcdef", -DAY - 100, false },
		{ ".q-0123456789abcdef.4711", 2 * DAY, false },
		{ ".q-0123456789abcdef.4712", 100, true },
		/* Names that are none of ours. */
		{ "q-0123456789abcdef.4711", 2 * DAY, true },
		{ "q-0123456789abcdef.lock", 2 * DAY, true },
		{ "q-0123456789abcde", 2 * DAY, true },
		{ "q-0123456789abcdef0", 2 * DAY, true },
		{ "Q-0123456789abcdef", 2 * DAY, true },
		{ "-0123456789abcdef", 2 * DAY, true },
		{ "0123456789abcdef", 2 * DAY, true },
		{ ".q-0123456789abcdef.", 2 * DAY, true },
		{ ".q-0123456789abcdef.x", 2 * DAY, true },
		{ ".q-0123456789abcdef", 2 * DAY, true },
		{ "notes", 2 * DAY, true },
		/* clang-format on */
	};
	const struct when_deadline late = when_after(&when_system, 60000);
	const int64_t now = when_wall(&when_system);
	struct timespec times[2] = { 0 };
	int dir = open_state();
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		assert_int_equal(fsx_replace(dir, rows[i].name, "x", 1), 0);
		times[0].tv_sec = times[1].tv_sec = now - rows[i].age;
		assert_int_equal(utimensat(dir, rows[i].name, times, 0), 0);
	}
	assert_int_equal(mkdirat(dir, "d-0123456789abcdef", 0700), 0);
	assert_int_equal(symlinkat("notes", dir, "l-0123456789abcdef"), 0);
	times[0].tv_sec = times[1].tv_sec = now - 2 * DAY;
	assert_int_equal(utimensat(dir, "d-0123456789abcdef", times, 0), 0);
	assert_int_equal(utimensat(dir, "l-0123456789abcdef", times,
			     AT_SYMLINK_NOFOLLOW),
	    0);
	state_expire(dir, DAY, &late);
	for (i = 0; i < ROWS(rows); i++)
		if ((faccessat(dir, rows[i].name, F_OK, 0) == 0) !=
		    rows[i].stays)
			fail_msg("%s, %lld s", rows[i].name,
			    (long long)rows[i].age);
	assert_int_equal(faccessat(dir, "d-0123456789abcdef", F_OK, 0), 0);
	assert_int_equal(faccessat(dir, "l-0123456789abcdef", F_OK, 0), 0);
	close(dir);
}

/* Many go by and by: each run takes as many as it has time for. */
static void
test_expire_in_time(void **state)
{
	const struct when_deadline over = when_after(&when_system, -1);
	const struct when_deadline late = when_after(&when_system, 60000);
	const struct timespec times[2] = { { .tv_sec = 1 }, { .tv_sec = 1 } };
	int dir = open_state(), i, left = 0;
	char key[32];

	(void)state;
	for (i = 0; i < 600; i++) {
		snprintf(key, sizeof(key), "q-%016x", (unsigned int)i);
		assert_int_equal(fsx_replace(dir, key, "x", 1), 0);
		assert_int_equal(utimensat(dir, key, times, 0), 0);
	}
	state_expire(dir, DAY, &over);
	for (i = 0; i < 600; i++) {
		snprintf(key, sizeof(key), "q-%016x", (unsigned int)i);
		left += faccessat(dir, key, F_OK, 0) == 0;
	}
	/* 255 entries were looked at, of which two may be . and .. */
	assert_in_range(left, 345, 347);
	state_expire(dir, DAY, &late);
	for (i = 0; i < 600; i++) {
		snprintf(key, sizeof(key), "q-%016x", (unsigned int)i);
		assert_int_equal(faccessat(dir, key, F_OK, 0), -1);
	}
	close(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TREE_TEST(test_open_makes),
		TREE_TEST(test_open_fails),
		TREE_TEST(test_open_modes),
		TREE_TEST(test_open_plugin_dir),
		TREE_TEST(test_open_foreign),
		TREE_TEST(test_open_links),
		cmocka_unit_test(test_key),
		TREE_TEST(test_round_trip),
		TREE_TEST(test_version),
		TREE_TEST(test_load_fails),
		TREE_TEST(test_concurrent),
		TREE_TEST(test_save_large),
		TREE_TEST(test_expire),
		TREE_TEST(test_expire_in_time),
	};

	return UNIT_RUN(tests);
}
