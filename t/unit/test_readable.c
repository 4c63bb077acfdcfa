/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_readable.c - may this user read a queue directory, and if not, why */
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tree.h"
#include "unit.h"

#include "look/readable.h"
#include "mta/sendmail/sendmail.h"

static const char *
user_name(uid_t uid)
{
	static char name[64];
	const struct passwd *pw = getpwuid(uid);

	if (pw != NULL)
		snprintf(name, sizeof(name), "%s", pw->pw_name);
	else
		snprintf(name, sizeof(name), "uid %lu", (unsigned long)uid);
	return name;
}

static const char *
group_name(gid_t gid)
{
	static char name[64];
	const struct group *gr = getgrgid(gid);

	if (gr != NULL)
		snprintf(name, sizeof(name), "%s", gr->gr_name);
	else
		snprintf(name, sizeof(name), "gid %lu", (unsigned long)gid);
	return name;
}

/* Looks as another user than root; the text that is expected. */
static void
check(const char *path, gid_t gid, int error, const char *remedy)
{
	struct buf b = BUF_INIT;
	int rc;

	tree_drop(gid);
	rc = readable_check(path, &sendmail_mta, &b);
	tree_regain();
	if (strcmp(buf_str(&b), remedy) != 0)
		fail_msg("%s: '%s' instead of '%s'", path, buf_str(&b), remedy);
	assert_int_equal(rc, error);
	buf_free(&b);
}

static void
test_readable(void **state)
{
	static const char *const rows[] = { "q", "q/", "./q", "q/../q", ".",
		"nested", "nested/qf", "fileqf", "link" };
	struct buf b = BUF_INIT;
	char path[sizeof(tree_dir) + 8];
	size_t i;

	(void)state;
	TREE_MAKE("q/", "nested/qf/", "fileqf/qf");
	assert_int_equal(symlink("q", "link"), 0);
	for (i = 0; i < ROWS(rows); i++)
		check(rows[i], TREE_NOBODY, 0, "");
	/* By its whole path only our own user need get there. */
	snprintf(path, sizeof(path), "%s/q", tree_dir);
	assert_int_equal(readable_check(path, &sendmail_mta, &b), 0);
	assert_int_equal(readable_check("/", &sendmail_mta, &b), 0);
	assert_string_equal(buf_str(&b), "");
	buf_free(&b);
}

static void
test_missing(void **state)
{
	static const struct {
		const char *path;
		int error;
		const char *shown;
	} rows[] = {
		{ "none", ENOENT, "none" },
		{ "q/none", ENOENT, "q/none" },
		{ "none/a/b", ENOENT, "none" },
		{ "file", ENOTDIR, "file" },
		{ "q/file/x", ENOTDIR, "q/file" },
		{ "filelink", ENOTDIR, "filelink" },
		{ "dangling", ENOENT, "dangling" },
		{ "no|ne\n$x", ENOENT, "no_ne?_x" },
	};
	static const char stray[] =
	    "Not a directory: if a pattern of MailScanner.conf matches this"
	    " file, move it elsewhere; else name the right directory with -q";
	char want[256];
	size_t i;

	(void)state;
	TREE_MAKE("file", "q/file");
	assert_int_equal(symlink("file", "filelink"), 0);
	assert_int_equal(symlink("none", "dangling"), 0);
	for (i = 0; i < ROWS(rows); i++) {
		snprintf(want, sizeof(want), "%s: %s", rows[i].shown,
		    rows[i].error == ENOENT ?
			"No such file or directory: name the right directory"
			" with -q" :
			stray);
		check(rows[i].path, TREE_NOBODY, rows[i].error, want);
	}
}

/* Only the owner may: there is no group to be added to. */
static void
test_owner_only(void **state)
{
	static const struct {
		const char *path, *locked;
		mode_t mode;
	} rows[] = {
		{ "q", "q", 0 },
		{ "spool/mqueue", "spool/mqueue", 0 },
		{ "spool/mqueue", "spool", 0 },
		{ "deep/qf/x", "deep/qf", 0 },
		/* The queue directory can be read, its qf/ can't. */
		{ "nested", "nested/qf", 0 },
		/* Modes that only help root's own processes. */
		{ "q", "q", 0700 },
		{ "q", "q", 0740 },
		{ "q", "q", 04700 },
		{ "spool/mqueue", "spool", 0700 },
		{ "nested", "nested/qf", 0711 },
		{ "q", "q", 0711 },
		{ "spool/mqueue", "spool", 0740 },
	};
	char want[512];
	size_t i;

	(void)state;
	TREE_MAKE("q/", "deep/qf/x/", "spool/mqueue/", "nested/qf/");
	for (i = 0; i < ROWS(rows); i++) {
		/* As the owner we could do what such a mode allows. */
		if (getuid() != 0 && rows[i].mode != 0)
			break;
		assert_int_equal(chmod(rows[i].locked, rows[i].mode), 0);
		snprintf(want, sizeof(want), "user %s may not read %s: only ",
		    user_name(getuid() == 0 ? TREE_NOBODY : getuid()),
		    rows[i].locked);
		snprintf(want + strlen(want), sizeof(want) - strlen(want),
		    "%s may (mode %04o): let that user's cron run the check"
		    " and submit a passive result",
		    user_name(getuid()), (unsigned int)rows[i].mode);
		check(rows[i].path, TREE_NOBODY, EACCES, want);
		assert_int_equal(chmod(rows[i].locked, 0755), 0);
	}
}

static void
want_group(char *want, size_t size, const char *path, gid_t gid)
{
	int n;

	n = snprintf(want, size, "user %s may not read %s: add it to group ",
	    user_name(TREE_NOBODY), path);
	n += snprintf(want + n, size - (size_t)n, "%s (usermod -a -G ",
	    group_name(gid));
	snprintf(want + n, size - (size_t)n, "%s %s) and restart the monitor",
	    group_name(gid), user_name(TREE_NOBODY));
}

/* The group may: be in it.  It need not have a name for this. */
static void
test_group(void **state)
{
	static const struct {
		const char *path, *locked;
		mode_t mode;
	} rows[] = {
		{ "q", "q", 0750 },
		{ "q", "q", 02750 },
		{ "q", "q", 0770 },
		{ "spool/mqueue", "spool", 0750 },
		/* To get through, x is enough. */
		{ "spool/mqueue", "spool", 0710 },
		{ "nested", "nested", 0710 },
		{ "nested", "nested/qf", 0750 },
		{ "q", "q", 0751 },
	};
	char want[512];
	size_t i;

	(void)state;
	if (getuid() != 0)
		UNIT_SKIP("needs root");
	TREE_MAKE("q/", "spool/mqueue/", "nested/qf/");
	for (i = 0; i < ROWS(rows); i++) {
		assert_int_equal(chown(rows[i].locked, 0, 1), 0);
		assert_int_equal(chmod(rows[i].locked, rows[i].mode), 0);
		want_group(want, sizeof(want), rows[i].locked, 1);
		check(rows[i].path, TREE_NOBODY, EACCES, want);
		/* And that helps. */
		check(rows[i].path, 1, 0, "");
		assert_int_equal(chmod(rows[i].locked, 0755), 0);
	}
}

/* In the group by the user database, but not in this process. */
static void
test_restart(void **state)
{
	const struct passwd *pw = getpwuid(TREE_NOBODY);
	char want[512];
	gid_t gid;

	(void)state;
	if (getuid() != 0 || pw == NULL)
		UNIT_SKIP("needs root, and a user nobody");
	gid = pw->pw_gid;
	tree_make("q/");
	assert_int_equal(chown("q", 0, gid), 0);
	assert_int_equal(chmod("q", 0750), 0);
	snprintf(want, sizeof(want),
	    "user %s may not read q: it is in group "
	    "%s now, but the monitor runs without: restart the monitor",
	    user_name(TREE_NOBODY), group_name(gid));
	check("q", gid + 1, EACCES, want);
	check("q", gid, 0, "");
}

/* What one of the two calls says of the queue q, as nobody. */
static void
check_file(const char *name, gid_t gid, int error, const char *remedy)
{
	struct buf b = BUF_INIT;
	int rc;

	tree_drop(gid);
	rc = name != NULL ? readable_check_file("q", name, &sendmail_mta, &b) :
			    readable_check_files("q", &sendmail_mta, &b);
	tree_regain();
	assert_string_equal(buf_str(&b), remedy);
	assert_int_equal(rc, error);
	buf_free(&b);
}

/* Messages' files, in a directory that can be listed. */
static void
test_files(void **state)
{
	static const char secret[] = "q/qf/qf6AMAF0aA004101";
	char want[512];

	(void)state;
	TREE_MAKE("q/qf/", "q/qf/qf6AMAF0aB004102", "q/qf/hf6AMAF0aC004103",
	    secret);
	/* Held messages are none that the census reads. */
	assert_int_equal(chmod("q/qf/hf6AMAF0aC004103", 0), 0);
	check_file(NULL, TREE_NOBODY, 0, "");
	check_file("qf6AMAF0aA004101", TREE_NOBODY, 0, "");
	check_file("qf6AMAF0aZ004101", TREE_NOBODY, 0, "");
	assert_int_equal(chmod(secret, 0), 0);
	snprintf(want, sizeof(want), "user %s may not read %s: only ",
	    user_name(getuid() == 0 ? TREE_NOBODY : getuid()), secret);
	snprintf(want + strlen(want), sizeof(want) - strlen(want),
	    "%s may (mode 0000): let that user's cron run the check and"
	    " submit a passive result",
	    user_name(getuid()));
	check_file(NULL, TREE_NOBODY, EACCES, want);
	check_file("qf6AMAF0aA004101", TREE_NOBODY, EACCES, want);
	check_file("qf6AMAF0aB004102", TREE_NOBODY, 0, "");

	/* As Debian has them. */
	if (getuid() == 0) {
		assert_int_equal(chown(secret, 0, 1234), 0);
		assert_int_equal(chmod(secret, 0640), 0);
		want_group(want, sizeof(want), secret, 1234);
		check_file(NULL, TREE_NOBODY, EACCES, want);
		check_file(NULL, 1234, 0, "");
	}
	/* The directory comes first. */
	assert_int_equal(chmod("q/qf", 0), 0);
	snprintf(want, sizeof(want), "user %s may not read q/qf: only ",
	    user_name(getuid() == 0 ? TREE_NOBODY : getuid()));
	snprintf(want + strlen(want), sizeof(want) - strlen(want),
	    "%s may (mode 0000): let that user's cron run the check and"
	    " submit a passive result",
	    user_name(getuid()));
	check_file("qf6AMAF0aA004101", TREE_NOBODY, EACCES, want);
	assert_int_equal(chmod("q/qf", 0755), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TREE_TEST(test_readable),
		TREE_TEST(test_missing),
		TREE_TEST(test_owner_only),
		TREE_TEST(test_group),
		TREE_TEST(test_restart),
		TREE_TEST(test_files),
	};

	return UNIT_RUN(tests);
}
