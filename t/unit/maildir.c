/* SPDX-License-Identifier: GPL-3.0-or-later */
/* maildir.c - a small mail server, which is as unlike sendmail as can be */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "maildir.h"
#include "tree.h"

#include "base/fsx.h"
#include "base/num.h"
#include "base/sys.h"

#define MAILDIR_FIRST 4 /* bytes that say where the body begins */
#define MAILDIR_MOST  1024
#define MAILDIR_ID    "abcdefghijklmnopqrstuvwxyz0123456789"
#define MAILDIR_OTHER "another message has its id"

void
maildir_make(const char *path, const char *relay, int64_t when)
{
	const struct timespec ts[2] = { { .tv_sec = when },
		{ .tv_sec = when } };
	char lines[400], text[500];

	snprintf(lines, sizeof(lines), "%lld\n%s\na@b.example\nc@d.example\n",
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
	struct stat st = { .st_size = 0 };
	int rc = fstatat(control_fd, name, &st, AT_SYMLINK_NOFOLLOW);

	assert_int_equal(control_fd, body_fd);
	*when = (int64_t)st.st_mtime;
	return rc;
}

static int
maildir_size(int control_fd, int body_fd, const char *name, int64_t *bytes)
{
	struct stat st = { .st_size = 0 };
	int rc = fstatat(control_fd, name, &st, AT_SYMLINK_NOFOLLOW);

	(void)body_fd;
	*bytes = (int64_t)st.st_size;
	return rc;
}

static bool
maildir_parse(struct envelope *e, struct source *s, bool all,
    envelope_recipient_fn *recipient, void *arg)
{
	struct span line[5] = { { NULL, 0 } };
	const char *p, *nl, *unused;
	int64_t body = 0;
	size_t n, i;
	bool at_end;

	(void)all;
	*e = (struct envelope){ .arrival = -1, .end = ENVELOPE_CUT };
	e->relay.class = RELAY_INCOMPLETE;
	p = source_at(s, 0, &n, &at_end);
	if (n < MAILDIR_FIRST ||
	    num_int64_of(p, MAILDIR_FIRST, MAILDIR_FIRST, MAILDIR_MOST, &body,
		&unused) != 0)
		return false;
	if (n < (size_t)body)
		return source_ask(s, n, (size_t)body - n);
	assert_int_equal(n, body);
	for (i = 0, p += MAILDIR_FIRST, n -= MAILDIR_FIRST;
	     i < ROWS(line) && (nl = memchr(p, '\n', n)) != NULL;
	     i++, n -= (size_t)(nl - p) + 1, p = nl + 1)
		line[i] = (struct span){ p, (size_t)(nl - p) };
	assert_true(i >= 4);
	(void)num_int64_of(line[0].p, line[0].n, 0, INT64_MAX, &e->arrival,
	    &unused);
	relay_parse(&e->relay, line[1].p, line[1].n);
	e->held = i == 5;
	e->sender = line[i - 2];
	e->recipients = 1;
	if (recipient != NULL)
		recipient(arg, line[i - 1]);
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

/* --- changes ------------------------------------------------------------- */

struct maildir_claim {
	char path[64]; /* in the queue directory */
	enum mta_state state;
	uint64_t ino;
	struct source source;
};

static int
maildir_open_place(struct mta_place *p)
{
	struct stat st;
	size_t i;

	p->own = opendir(p->path);
	for (i = 0; i < ROWS(maildir_dirs) && p->error == 0; i++)
		if (p->own == NULL ||
		    fstatat(dirfd(p->own), maildir_dirs[i].subdir, &st, 0) != 0)
			p->error = errno;
		else
			p->part[p->nparts++] = (struct mta_part){ st.st_dev,
				st.st_ino };
	return 0;
}

static void
maildir_close_place(struct mta_place *p)
{
	if (p->own != NULL)
		closedir(p->own);
}

/* Looks for a message in all directories, or for another one of its id. */
static enum change_result
maildir_find(const struct mta_message *m, struct maildir_claim *own)
{
	const struct mta_dir *d;
	enum change_result r = CHANGE_GONE;
	struct stat st;
	int depth;

	for (d = maildir_dirs; d < maildir_dirs + ROWS(maildir_dirs); d++)
		for (depth = 0; depth <= (int)d->depth; depth++) {
			snprintf(own->path, sizeof(own->path), "%s/%.*s/%.*s",
			    d->subdir, depth, m->id.p, (int)m->id.n, m->id.p);
			if (fstatat(dirfd(m->place->own), own->path, &st,
				AT_SYMLINK_NOFOLLOW) != 0 ||
			    (st.st_mode & d->whole) != d->whole)
				continue;
			own->state = d->state;
			own->ino = st.st_ino;
			if (m->ino == 0 || m->ino == own->ino)
				return CHANGE_DONE;
			r = CHANGE_OTHER;
		}
	return r;
}

static enum mta_state
maildir_look(const struct mta_claim *c, struct envelope *e,
    envelope_recipient_fn *recipient, void *arg)
{
	struct maildir_claim *own = c->own;

	maildir_parse(e, &own->source, true, recipient, arg);
	return e->held ? MTA_HELD : own->state;
}

/* The inode comes before the text, so that it is never that of a later one. */
static enum change_result
maildir_claim(struct mta_session *session, struct mta_claim *c)
{
	struct maildir_claim *own = c->own = calloc(1, sizeof(*own));
	const struct mta_message *m = c->message;
	struct source *s = &own->source;
	enum change_result r;
	struct envelope e;
	bool noatime = true;
	ssize_t n;
	int fd;

	(void)session;
	if (own == NULL || source_init(s, MAILDIR_MOST) != 0)
		return mta_claim_fail(c, "out of memory");
	if ((r = maildir_find(m, own)) != CHANGE_DONE)
		return mta_claim_refuse(c, r, MAILDIR_OTHER);
	fd = fsx_open_at(dirfd(m->place->own), own->path, &noatime);
	source_start(s, MAILDIR_FIRST);
	do {
		n = fsx_read_all_at(fd, source_room(s), s->asked,
		    (off_t)s->asked_from);
		source_took(s, n > 0 ? (size_t)n : 0);
	} while (maildir_parse(&e, s, true, NULL, NULL));
	if (fd == -1 || close(fd) != 0 || n == -1)
		return mta_claim_fail(c, "cannot be read");
	c->bytes = s->used;
	return m->arrival > 0 && m->arrival != e.arrival ?
	    mta_claim_refuse(c, CHANGE_OTHER, MAILDIR_OTHER) :
	    CHANGE_DONE;
}

static enum change_result
maildir_prepare(struct mta_session *s, struct mta_claim *c)
{
	const struct maildir_claim *own = c->own;

	return s->action > CHANGE_DELETE ||
		(s->action == CHANGE_RELEASE && own->state != MTA_HELD) ?
	    mta_claim_refuse(c, CHANGE_REFUSED, "cannot be changed like that") :
	    CHANGE_DONE;
}

/* Renames it, and looks whether that was the one: else it goes back. */
static enum change_result
maildir_rename(struct mta_claim *c, const char *to)
{
	const struct maildir_claim *own = c->own;
	int root = dirfd(c->message->place->own);
	struct stat st;

	if (sys_rename_new(root, own->path, root, to) != 0)
		return mta_claim_fail(c, "cannot be renamed");
	c->begun = true;
	if (fstatat(root, to, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    st.st_ino == own->ino)
		return CHANGE_DONE;
	if (sys_rename_new(root, to, root, own->path) != 0)
		return mta_claim_fail(c, "cannot be put back");
	c->begun = false;
	return mta_claim_refuse(c, CHANGE_OTHER, MAILDIR_OTHER);
}

/* What is to be deleted is held first: there nobody else takes its name. */
static int
maildir_commit(struct mta_session *s, struct mta_claim **v, size_t n,
    const char **why)
{
	const bool release = s->action == CHANGE_RELEASE;
	const struct maildir_claim *own;
	const struct mta_message *m;
	char to[sizeof(own->path)];

	for (*why = NULL; n-- > 0; v++) {
		m = (*v)->message;
		own = (*v)->own;
		snprintf(to, sizeof(to), "%s/%.*s", release ? "cur" : "hold",
		    (int)m->id.n, m->id.p);
		(*v)->result = (own->state == MTA_HELD) == release ?
		    maildir_rename(*v, to) :
		    CHANGE_DONE;
		if (s->action == CHANGE_DELETE && (*v)->result == CHANGE_DONE &&
		    unlinkat(dirfd(m->place->own), to, 0) != 0)
			(*v)->result = mta_claim_fail(*v, "is still held");
	}
	return 0;
}

static void
maildir_drop(struct mta_session *s, struct mta_claim *c)
{
	struct maildir_claim *own = c->own;

	(void)s;
	if (own != NULL)
		source_free(&own->source);
	free(own);
}

/* One that was held to be deleted stays so: it may have been held before. */
static enum change_result
maildir_settle(const struct mta_message *m, enum change_action action)
{
	struct maildir_claim own;

	if (maildir_find(m, &own) != CHANGE_DONE)
		return CHANGE_OTHER;
	return action ==
		(own.state == MTA_HELD ? CHANGE_HOLD : CHANGE_RELEASE) ?
	    CHANGE_DONE :
	    CHANGE_GONE;
}

static const struct mta_change maildir_change = {
	.ids_return = true,
	.place_files = 1,
	.message_files = 1,
	.open_place = maildir_open_place,
	.close_place = maildir_close_place,
	.claim = maildir_claim,
	.look = maildir_look,
	.prepare = maildir_prepare,
	.commit = maildir_commit,
	.drop = maildir_drop,
	.settle = maildir_settle,
};

const struct mta maildir_mta = {
	.name = "maildir",
	.dirs = maildir_dirs,
	.ndirs = ROWS(maildir_dirs),
	.first = MAILDIR_FIRST,
	.most = MAILDIR_MOST,
	.classify = maildir_classify,
	.arrival = maildir_arrival,
	.parse = maildir_parse,
	.body_size = maildir_size,
	.change = &maildir_change,
};
