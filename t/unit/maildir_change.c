/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * maildir_change.c - how the small mail server changes its messages
 *
 * Holding is a rename, and deleting an unlink of what was held first: only
 * there nobody else takes the name for another message.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "maildir.h"
#include "maildir_change.h"
#include "unit.h"

#include "base/sys.h"
#include "mail/queue.h"

/* As maildir_mta.dirs has them. */
enum { NEW, CUR, HOLD, DIRS };

struct maildir_claim {
	struct source source;
	uint64_t ino;
};

static int
maildir_open_place(struct mta_place *p)
{
	int *fd = p->own = malloc(DIRS * sizeof(*fd));
	size_t i;

	for (i = 0; fd != NULL && i < DIRS; i++)
		if ((fd[i] = queue_open_kind(p->dir, &maildir_mta.dirs[i])) ==
		    -1)
			p->error = errno;
	return fd != NULL ? 0 : -1;
}

static void
maildir_close_place(struct mta_place *p)
{
	int *fd = p->own, i;

	for (i = 0; fd != NULL && i < DIRS; i++)
		if (fd[i] != -1)
			close(fd[i]);
	free(fd);
}

/* The path of a message in such a directory; returns that. */
static int
maildir_path(char path[64], const struct mta_message *m, int dir)
{
	const int *fd = m->place->own;

	snprintf(path, 64, "%.*s%s%.*s", dir == CUR, m->id.p,
	    dir == CUR ? "/" : "", (int)m->id.n, m->id.p);
	return fd[dir];
}

static enum mta_state
maildir_look(const struct mta_claim *c, struct envelope *e,
    envelope_recipient_fn *recipient, void *arg)
{
	struct maildir_claim *own = c->own;

	maildir_mta.parse(e, &own->source, true, recipient, arg);
	return c->message->kind->state;
}

static enum change_result
maildir_claim(struct mta_session *s, struct mta_claim *c)
{
	const struct mta_message *m = c->message;
	int dir = ((int *)m->place->own)[m->kind - maildir_mta.dirs], fd;
	struct maildir_claim *own = calloc(1, sizeof(*own));
	struct envelope e;
	struct stat st;
	ssize_t n;

	(void)s;
	if ((c->own = own) == NULL ||
	    source_init(&own->source, maildir_mta.most) != 0)
		return mta_claim_fail(c, "out of memory");
	if ((fd = openat(dir, m->name, O_RDONLY | O_NOFOLLOW)) == -1)
		return mta_claim_fail(c, "cannot be opened");
	assert_int_equal(fstat(fd, &st), 0);
	own->ino = st.st_ino;
	source_start(&own->source, maildir_mta.first);
	do {
		n = pread(fd, source_room(&own->source), own->source.asked,
		    (off_t)own->source.asked_from);
		source_took(&own->source, n < 0 ? 0 : (size_t)n);
	} while (maildir_mta.parse(&e, &own->source, true, NULL, NULL));
	close(fd);
	if (m->ino != own->ino || m->arrival != e.arrival)
		return mta_claim_refuse(c, CHANGE_OTHER, "is another one");
	return CHANGE_DONE;
}

/* Renames it, and looks whether that was the one: else it goes back. */
static enum change_result
maildir_rename(struct mta_claim *c, int dir)
{
	const struct maildir_claim *own = c->own;
	const struct mta_message *m = c->message;
	int from = ((int *)m->place->own)[m->kind - maildir_mta.dirs], to;
	char path[64];
	struct stat st;

	to = maildir_path(path, m, dir);
	if (sys_rename_new(from, m->name, to, path) != 0)
		return mta_claim_fail(c, "cannot be renamed");
	c->begun = true;
	if (fstatat(to, path, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    st.st_ino == own->ino)
		return CHANGE_DONE;
	(void)sys_rename_new(to, path, from, m->name);
	return mta_claim_refuse(c, CHANGE_OTHER, "is another one");
}

static enum change_result
maildir_do(struct mta_claim *c, enum change_action action)
{
	bool held = c->message->state == MTA_HELD;
	enum change_result r = CHANGE_DONE;
	char path[64];

	if (action == CHANGE_MOVE || action == CHANGE_RESTORE)
		return mta_claim_refuse(c, CHANGE_REFUSED, "cannot be moved");
	if (held == (action == CHANGE_RELEASE))
		r = maildir_rename(c, held ? CUR : HOLD);
	if (r == CHANGE_DONE && action == CHANGE_DELETE &&
	    unlinkat(maildir_path(path, c->message, HOLD), path, 0) != 0)
		r = mta_claim_fail(c, "is held, but cannot be removed");
	return r;
}

static int
maildir_commit(struct mta_session *s, struct mta_claim **v, size_t n,
    const char **why)
{
	size_t i;

	(void)why;
	for (i = 0; i < n; i++)
		v[i]->result = maildir_do(v[i], s->action);
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
	c->own = NULL;
}

/* One that was held to be deleted stays so: it may have been held before. */
static enum change_result
maildir_settle(const struct mta_message *m, enum change_action action)
{
	char path[64];
	struct stat st;
	int i;

	for (i = 0; i < DIRS; i++)
		if (fstatat(maildir_path(path, m, i), path, &st, 0) == 0 &&
		    m->ino == (uint64_t)st.st_ino)
			break;
	if (i == DIRS)
		return CHANGE_OTHER;
	return action == (i == HOLD ? CHANGE_HOLD : CHANGE_RELEASE) ?
	    CHANGE_DONE :
	    CHANGE_GONE;
}

const struct mta_change maildir_change = {
	.ids_return = true,
	.place_files = DIRS,
	.message_files = 1,
	.open_place = maildir_open_place,
	.close_place = maildir_close_place,
	.claim = maildir_claim,
	.look = maildir_look,
	.commit = maildir_commit,
	.drop = maildir_drop,
	.settle = maildir_settle,
};
