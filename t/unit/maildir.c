/* SPDX-License-Identifier: GPL-3.0-or-later */
/* maildir.c - a small mail server, which is as unlike sendmail as can be */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "maildir.h"
#include "maildir_change.h"
#include "tree.h"

#include "base/num.h"

#define MAILDIR_FIRST 4 /* bytes that say where the body begins */
#define MAILDIR_MOST  1024
#define MAILDIR_ID    "abcdefghijklmnopqrstuvwxyz0123456789"

void
maildir_make(const char *path, const char *relay, int64_t when)
{
	const struct timespec ts[2] = { { .tv_sec = when },
		{ .tv_sec = when } };
	char lines[400], text[500];

	snprintf(lines, sizeof(lines),
	    "date %lld\nrelay %s\nfrom a@b.example\nto c@d.example\n",
	    (long long)when, relay);
	snprintf(text, sizeof(text), "%04zu%srelay [198.51.100.1]\nBODY\n",
	    MAILDIR_FIRST + strlen(lines), lines);
	tree_write(path, text);
	assert_int_equal(chmod(path, 0700), 0);
	assert_int_equal(utimensat(AT_FDCWD, path, ts, 0), 0);
}

static void
maildir_classify(const struct mta_dir *dir, const char *name, size_t len,
    int64_t now, struct mta_entry *e)
{
	(void)now;
	*e = (struct mta_entry){ .state = MTA_NOTHING };
	if (len == 0 || strspn(name, MAILDIR_ID) != len)
		return;
	e->state = dir->state;
	e->id = (struct span){ name, len };
}

static int
maildir_arrival(int control_fd, int body_fd, const char *name, int64_t *when)
{
	struct stat st;

	assert_int_equal(control_fd, body_fd);
	if (fstatat(control_fd, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return -1;
	*when = (int64_t)st.st_mtime;
	return 0;
}

static int
maildir_size(int control_fd, int body_fd, const char *name, int64_t *bytes)
{
	struct stat st;

	(void)body_fd;
	if (fstatat(control_fd, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return -1;
	*bytes = (int64_t)st.st_size;
	return 0;
}

/* One line before the body. */
static void
maildir_line(struct envelope *e, const char *p, size_t n,
    envelope_recipient_fn *recipient, void *arg)
{
	const char *unused;

	if (n > 5 && memcmp(p, "date ", 5) == 0) {
		(void)num_int64_of(p + 5, n - 5, 0, INT64_MAX, &e->arrival,
		    &unused);
	} else if (n > 6 && memcmp(p, "relay ", 6) == 0) {
		relay_parse(&e->relay, p + 6, n - 6);
	} else if (n > 5 && memcmp(p, "from ", 5) == 0) {
		e->has_sender = true;
		e->sender = (struct span){ p + 5, n - 5 };
	} else if (n == 4 && memcmp(p, "held", 4) == 0) {
		e->held = true;
	} else if (n > 3 && memcmp(p, "to ", 3) == 0) {
		e->recipients++;
		if (recipient != NULL)
			recipient(arg, (struct span){ p + 3, n - 3 });
	}
}

static bool
maildir_parse(struct envelope *e, struct source *s, bool all,
    envelope_recipient_fn *recipient, void *arg)
{
	const char *p, *nl, *unused;
	int64_t body = 0;
	bool at_end;
	size_t n;

	(void)all;
	memset(e, 0, sizeof(*e));
	e->arrival = e->last_try = e->tries = -1;
	e->end = ENVELOPE_CUT;
	e->relay.class = RELAY_INCOMPLETE;
	p = source_at(s, 0, &n, &at_end);
	if (n < MAILDIR_FIRST ||
	    num_int64_of(p, MAILDIR_FIRST, MAILDIR_FIRST, MAILDIR_MOST, &body,
		&unused) != 0)
		return false;
	if (n < (size_t)body)
		return source_ask(s, n, (size_t)body - n);
	assert_int_equal(n, body);
	for (p += MAILDIR_FIRST, n -= MAILDIR_FIRST;
	     n != 0 && (nl = memchr(p, '\n', n)) != NULL;
	     n -= (size_t)(nl - p) + 1, p = nl + 1)
		maildir_line(e, p, (size_t)(nl - p), recipient, arg);
	e->end = ENVELOPE_WHOLE;
	return false;
}

static const struct mta_dir maildir_dirs[] = {
	{ .subdir = "new",
	    .state = MTA_QUEUED,
	    .age_cost = MTA_COST_INODE,
	    .whole = 0700 },
	{ .subdir = "cur",
	    .state = MTA_QUEUED,
	    .age_cost = MTA_COST_INODE,
	    .depth = 1 },
	{ .subdir = "hold", .state = MTA_HELD, .age_cost = MTA_COST_INODE },
};

const struct mta maildir_mta = {
	.name = "maildir",
	.dirs = maildir_dirs,
	.ndirs = sizeof(maildir_dirs) / sizeof(maildir_dirs[0]),
	.first = MAILDIR_FIRST,
	.most = MAILDIR_MOST,
	.classify = maildir_classify,
	.arrival = maildir_arrival,
	.parse = maildir_parse,
	.body_size = maildir_size,
	.change = &maildir_change,
};
