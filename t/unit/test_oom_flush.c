/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_oom_flush.c - changing messages without memory: none is lost */
#include <dirent.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "oom.h"
#include "surveyed.h"
#include "words.h"

#include "tools/qflush/config.h"
#include "tools/qflush/run.h"

#define MESSAGES 3

/* --- the queue ----------------------------------------------------------- */

static void
empty(const char *path)
{
	char file[600];
	struct dirent *e;
	DIR *d = opendir(path);

	while (d != NULL && (e = readdir(d)) != NULL) {
		snprintf(file, sizeof(file), "%s/%s", path, e->d_name);
		if (e->d_name[0] != '.' && unlink(file) != 0)
			empty(file);
	}
	if (d != NULL)
		closedir(d);
}

/* Two messages of 192.0.2.66, and another one. */
static void
fill(void)
{
	char path[64];
	unsigned int i;

	empty("q");
	empty("moved");
	unlink("journal");
	for (i = 0; i < MESSAGES; i++) {
		surveyed_make("q", i, i == 0 ? 1 : 66);
		snprintf(path, sizeof(path), "q/df6AMAF0aA%06u", i);
		tree_make(path);
	}
}

/* How many files a message has: of control or body, and where. */
static unsigned int
count(const char *dir, const char *types, unsigned int i)
{
	static const char all[] = "qhd";
	unsigned int n = 0;
	char path[600];
	const char *t;

	for (t = all; *t != '\0'; t++) {
		snprintf(path, sizeof(path), "%s/%cf6AMAF0aA%06u", dir, *t, i);
		n += strchr(types, *t) != NULL && access(path, F_OK) == 0;
	}
	return n;
}

/* Each message is in one piece; or, if it may be, not there at all. */
static void
check(bool may_go, const char *moved)
{
	unsigned int i, control, body;

	for (i = 0; i < MESSAGES; i++) {
		control = count("q", "qh", i) + count(moved, "qh", i);
		body = count("q", "d", i) + count(moved, "d", i);
		if (may_go && i != 0 && control == 0)
			continue;
		if (control != 1 || body != 1)
			fail_msg("message %u: %u control files, %u bodies", i,
			    control, body);
	}
}

/* Where messages of q go; the path of q with %2F for a slash. */
static const char *
moved_dir(void)
{
	static char dir[8192];
	const char *s;
	char *p = dir + snprintf(dir, sizeof(dir), "moved/");

	for (s = tree_dir; *s != '\0'; s++)
		p += snprintf(p, 4, *s == '/' ? "%%2F" : "%c", *s);
	snprintf(p, 6, "%%2Fq");
	return dir;
}

/* --- qflush -------------------------------------------------------------- */

/* The exit status of a command line. */
static int
flush(const char *words, struct buf *out)
{
	static const volatile sig_atomic_t stop = 0;
	const struct qflush_env env = { &surveyed_still, &stop, -1, 0 };
	struct buf why = BUF_INIT;
	struct qflush_config c;
	struct words w;
	int rc;

	words_split(&w, "qflush", words);
	if (qflush_config_parse(&c, w.argc, w.argv, &why) != 0)
		rc = QFLUSH_FAILED;
	else
		rc = qflush_run(&c, &env, out, &why);
	qflush_config_free(&c);
	/* What went wrong is told. */
	if (rc == QFLUSH_FAILED)
		assert_true(why.oom || why.len != 0);
	if (out->oom)
		rc = QFLUSH_FAILED;
	buf_free(&why);
	return rc;
}

static int
run(const char *before, const char *words, struct buf *result)
{
	struct buf out = BUF_INIT;
	int rc;

	oom_pause();
	fill();
	if (before != NULL && flush(before, &out) != QFLUSH_ALL)
		fail_msg("%s: %s", before, buf_str(&out));
	buf_free(&out);
	oom_resume();
	rc = flush(words, &out);
	oom_pause();
	check(strstr(words, "--delete") != NULL, moved_dir());
	if (rc == QFLUSH_ALL)
		buf_add(result, out.data, out.len);
	buf_free(&out);
	return rc == QFLUSH_ALL ? 0 : -1;
}

#define BASE "-q q --journal journal --max 100% "

static int
run_plan(struct buf *result)
{
	return run(NULL, BASE "--delete 192.0.2.66", result);
}

static int
run_hold(struct buf *result)
{
	return run(NULL, BASE "--yes --hold 192.0.2.66", result);
}

static int
run_release(struct buf *result)
{
	return run(BASE "--yes --hold 192.0.2.66",
	    "-q q --journal journal --yes --release 192.0.2.66", result);
}

static int
run_delete(struct buf *result)
{
	return run(NULL, BASE "--yes --delete 192.0.2.66", result);
}

static int
run_move(struct buf *result)
{
	return run(NULL, BASE "--yes --move moved 192.0.2.66", result);
}

static int
run_restore(struct buf *result)
{
	return run(BASE "--yes --move moved 192.0.2.66",
	    "-q q --journal journal --yes --restore moved", result);
}

static void
test_all(void **state)
{
	static const struct oom_row rows[] = {
		{ "plan", run_plan },
		{ "hold", run_hold },
		{ "release", run_release },
		{ "delete", run_delete },
		{ "move", run_move },
		{ "restore", run_restore },
	};

	(void)state;
	TREE_MAKE("q/", "moved/");
	oom_try(rows, ROWS(rows));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TREE_TEST(test_all),
	};

	return UNIT_RUN(tests);
}
