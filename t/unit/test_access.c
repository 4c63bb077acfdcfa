/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_access.c - may this user read a queue directory, and if not, why */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unit.h"

#include "mqueue/access.h"
#include "mqueue/sendmail.h"

#define NOBODY	65534

static char dir[4096];
static int home = -1;

static int
regain(void)
{
	return getuid() == 0 && (seteuid(0) != 0 || setegid(0) != 0) ? -1 : 0;
}

/* As a user without rights, and without groups but the given one. */
static void
drop(gid_t gid)
{
	if (getuid() != 0)
		return;
	assert_int_equal(setgroups(0, NULL), 0);
	assert_int_equal(setegid(gid), 0);
	assert_int_equal(seteuid(NOBODY), 0);
}

/*
 * Each test has an empty directory of its own, and is in it: paths that begin
 * there need no rights above it.
 */
static int
set_up(void **state)
{
	const char *base = getenv("MQ_BUILDDIR");

	(void)state;
	if (base == NULL)
		base = getenv("TMPDIR");
	snprintf(dir, sizeof(dir), "%s/unit.XXXXXX",
	    base != NULL ? base : "/tmp");
	home = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (home == -1 || mkdtemp(dir) == NULL || chdir(dir) != 0)
		return -1;
	return chmod(".", 0755);
}

static int
remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st, (void)flag, (void)ftw;
	return remove(path);
}

static int
tear_down(void **state)
{
	(void)state;
	if (regain() != 0 || fchdir(home) != 0 || close(home) != 0)
		return -1;
	return nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void
make_dir(const char *path)
{
	assert_int_equal(mkdir(path, 0755), 0);
}

static void
make_file(const char *path)
{
	assert_int_equal(mknod(path, S_IFREG | 0644, 0), 0);
}

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

	drop(gid);
	rc = access_check(path, &sendmail_mta, &b);
	assert_int_equal(regain(), 0);
	if (strcmp(buf_str(&b), remedy) != 0)
		fail_msg("%s: '%s' instead of '%s'", path, buf_str(&b),
		    remedy);
	assert_int_equal(rc, error);
	buf_free(&b);
}

static void
test_readable(void **state)
{
	static const char *const rows[] = {
		"q", "q/", "./q", "q/../q", ".", "nested", "nested/qf",
		"fileqf", "link"
	};
	struct buf b = BUF_INIT;
	char path[sizeof(dir) + 8];
	size_t i;

	(void)state;
	make_dir("q");
	make_dir("nested");
	make_dir("nested/qf");
	make_dir("fileqf");
	make_file("fileqf/qf");
	assert_int_equal(symlink("q", "link"), 0);
	for (i = 0; i < ROWS(rows); i++)
		check(rows[i], NOBODY, 0, "");
	/* By its whole path only our own user need get there. */
	snprintf(path, sizeof(path), "%s/q", dir);
	assert_int_equal(access_check(path, &sendmail_mta, &b), 0);
	assert_int_equal(access_check("/", &sendmail_mta, &b), 0);
	assert_string_equal(buf_str(&b), "");
	buf_free(&b);
}

static void
test_missing(void **state)
{
	static const struct {
		const char	*path;
		int		 error;
		const char	*shown;
	} rows[] = {
		{ "none", ENOENT, "none" }, { "q/none", ENOENT, "q/none" },
		{ "none/a/b", ENOENT, "none" }, { "file", ENOTDIR, "file" },
		{ "q/file/x", ENOTDIR, "q/file" },
		{ "filelink", ENOTDIR, "filelink" },
		{ "dangling", ENOENT, "dangling" },
		{ "no|ne\n$x", ENOENT, "no_ne?_x" },
	};
	char want[256];
	size_t i;

	(void)state;
	make_dir("q");
	make_file("file");
	make_file("q/file");
	assert_int_equal(symlink("file", "filelink"), 0);
	assert_int_equal(symlink("none", "dangling"), 0);
	for (i = 0; i < ROWS(rows); i++) {
		snprintf(want, sizeof(want),
		    "%s: %s: name the right directory with -q", rows[i].shown,
		    rows[i].error == ENOENT ? "No such file or directory" :
		    "Not a directory");
		check(rows[i].path, NOBODY, rows[i].error, want);
	}
}

/* Only the owner may: there is no group to be added to. */
static void
test_owner_only(void **state)
{
	static const struct {
		const char	*path, *locked;
		mode_t		 mode;
	} rows[] = {
		{ "q", "q", 0 }, { "spool/mqueue", "spool/mqueue", 0 },
		{ "spool/mqueue", "spool", 0 }, { "deep/qf/x", "deep/qf", 0 },
		/* The queue directory can be read, its qf/ can't. */
		{ "nested", "nested/qf", 0 },
		/* Modes that only help root's own processes. */
		{ "q", "q", 0700 }, { "q", "q", 0740 }, { "q", "q", 04700 },
		{ "spool/mqueue", "spool", 0700 },
		{ "nested", "nested/qf", 0711 }, { "q", "q", 0711 },
		{ "spool/mqueue", "spool", 0740 },
	};
	char want[512];
	size_t i;

	(void)state;
	make_dir("q");
	make_dir("deep");
	make_dir("deep/qf");
	make_dir("deep/qf/x");
	make_dir("spool");
	make_dir("spool/mqueue");
	make_dir("nested");
	make_dir("nested/qf");
	for (i = 0; i < ROWS(rows); i++) {
		/* As the owner we could do what such a mode allows. */
		if (getuid() != 0 && rows[i].mode != 0)
			break;
		assert_int_equal(chmod(rows[i].locked, rows[i].mode), 0);
		snprintf(want, sizeof(want), "user %s may not read %s: only ",
		    user_name(getuid() == 0 ? NOBODY : getuid()),
		    rows[i].locked);
		snprintf(want + strlen(want), sizeof(want) - strlen(want),
		    "%s may (mode %04o): let that user's cron run the check"
		    " and submit a passive result", user_name(getuid()),
		    (unsigned int)rows[i].mode);
		check(rows[i].path, NOBODY, EACCES, want);
		assert_int_equal(chmod(rows[i].locked, 0755), 0);
	}
}

static void
want_group(char *want, size_t size, const char *path, gid_t gid)
{
	int n;

	n = snprintf(want, size, "user %s may not read %s: add it to group ",
	    user_name(NOBODY), path);
	n += snprintf(want + n, size - (size_t)n, "%s (usermod -a -G ",
	    group_name(gid));
	snprintf(want + n, size - (size_t)n, "%s %s) and restart the monitor",
	    group_name(gid), user_name(NOBODY));
}

/* The group may: be in it.  It need not have a name for this. */
static void
test_group(void **state)
{
	static const struct {
		const char	*path, *locked;
		mode_t		 mode;
	} rows[] = {
		{ "q", "q", 0750 }, { "q", "q", 02750 }, { "q", "q", 0770 },
		{ "spool/mqueue", "spool", 0750 },
		/* To get through, x is enough. */
		{ "spool/mqueue", "spool", 0710 }, { "nested", "nested", 0710 },
		{ "nested", "nested/qf", 0750 }, { "q", "q", 0751 },
	};
	char want[512];
	size_t i;

	(void)state;
	if (getuid() != 0)
		skip();
	make_dir("q");
	make_dir("spool");
	make_dir("spool/mqueue");
	make_dir("nested");
	make_dir("nested/qf");
	for (i = 0; i < ROWS(rows); i++) {
		assert_int_equal(chown(rows[i].locked, 0, 0), 0);
		assert_int_equal(chmod(rows[i].locked, rows[i].mode), 0);
		want_group(want, sizeof(want), rows[i].locked, 0);
		check(rows[i].path, NOBODY, EACCES, want);
		/* And that helps. */
		check(rows[i].path, 0, 0, "");
		assert_int_equal(chmod(rows[i].locked, 0755), 0);
	}
}

/* In the group by the user database, but not in this process. */
static void
test_restart(void **state)
{
	const struct passwd *pw = getpwuid(NOBODY);
	char want[512];
	gid_t gid;

	(void)state;
	if (getuid() != 0 || pw == NULL) {
		skip();
		return;
	}
	gid = pw->pw_gid;
	make_dir("q");
	assert_int_equal(chown("q", 0, gid), 0);
	assert_int_equal(chmod("q", 0750), 0);
	snprintf(want, sizeof(want), "user %s may not read q: it is in group "
	    "%s now, but the monitor runs without: restart the monitor",
	    user_name(NOBODY), group_name(gid));
	check("q", gid + 1, EACCES, want);
	check("q", gid, 0, "");
}

#define IN_DIR(test)	\
	cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_DIR(test_readable),
		IN_DIR(test_missing),
		IN_DIR(test_owner_only),
		IN_DIR(test_group),
		IN_DIR(test_restart),
	};

	return UNIT_RUN(tests);
}
