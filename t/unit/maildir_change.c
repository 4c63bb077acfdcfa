/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * maildir_change.c - how the tests' second mail server changes its messages
 *
 * Holding is a rename, and deleting an unlink of what was held first: only
 * there nobody else takes the name for another message.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "maildir_change.h"

#include "base/fsx.h"
#include "mail/queue.h"

enum { NEW, HELD, DIRS };

static const char maildir_other[] = "another message has its id";

struct maildir_claim {
	struct buf text;
	uint64_t ino;
};

static int
maildir_open_place(struct mta_place *p)
{
	static const char *const names[DIRS] = { "new", "held" };
	int *fd = p->own = malloc(DIRS * sizeof(*fd));
	struct stat st;
	size_t i;

	for (i = 0; fd != NULL && i < DIRS; i++) {
		fd[i] = queue_open_dir(p->dir, names[i]);
		if (fd[i] == -1 || fstat(fd[i], &st) != 0)
			p->error = errno;
		else
			p->part[p->nparts++] = (struct mta_part){ st.st_dev,
				st.st_ino };
	}
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

static int
maildir_probe_place(struct mta_place *p, const char **why)
{
	*why = "cannot be opened:";
	errno = p->error;
	return p->error == 0 ? 0 : -1;
}

/* Nothing is kept, and a run has nothing of its own. */
static int
maildir_open(struct mta_session *s)
{
	(void)s;
	return 0;
}

static void
maildir_nothing(struct mta_session *s)
{
	(void)s;
}

/* The directory in which a message is, or that other one. */
static int
maildir_dir(const struct mta_message *m, bool other)
{
	const int *fd = m->place->own;

	return fd[(m->state == MTA_HELD) != other ? HELD : NEW];
}

static enum mta_state
maildir_look(const struct mta_claim *c, struct envelope *e,
    envelope_recipient_fn *recipient, void *arg)
{
	const struct maildir_claim *own = c->own;

	maildir_parse(e, own->text.data, own->text.len, true, recipient, arg);
	return c->message->state;
}

/* The inode comes before the text, so that it is never that of a later one. */
static enum change_result
maildir_claim(struct mta_session *s, struct mta_claim *c)
{
	const struct mta_message *m = c->message;
	struct maildir_claim *own = calloc(1, sizeof(*own));
	int dir = maildir_dir(m, false);
	struct envelope e;
	struct stat st;

	(void)s;
	if ((c->own = own) == NULL)
		return mta_claim_fail(c, "out of memory");
	if (fstatat(dir, m->name, &st, AT_SYMLINK_NOFOLLOW) != 0 ||
	    fsx_read(dir, m->name, O_NOFOLLOW, 4096, &own->text) != 0)
		return mta_claim_fail(c, "cannot be read");
	own->ino = st.st_ino;
	c->bytes = own->text.len;
	maildir_look(c, &e, NULL, NULL);
	if ((m->ino != 0 && m->ino != own->ino) ||
	    (m->arrival > 0 && m->arrival != e.arrival))
		return mta_claim_refuse(c, CHANGE_OTHER, maildir_other);
	return CHANGE_DONE;
}

static enum change_result
maildir_prepare(struct mta_session *s, struct mta_claim *c)
{
	return s->action <= CHANGE_DELETE ?
	    CHANGE_DONE :
	    mta_claim_refuse(c, CHANGE_REFUSED, "cannot be moved");
}

/* Renames it, and looks whether that was the one: else it goes back. */
static enum change_result
maildir_rename(struct mta_claim *c)
{
	const struct mta_message *m = c->message;
	int from = maildir_dir(m, false), to = maildir_dir(m, true);
	const struct maildir_claim *own = c->own;
	struct stat st;

	if (fsx_rename_new(from, m->name, to, m->name) != 0)
		return mta_claim_fail(c, "cannot be renamed");
	c->begun = true;
	if (fstatat(to, m->name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return mta_claim_fail(c, "cannot be looked at");
	if (st.st_ino == own->ino)
		return CHANGE_DONE;
	if (fsx_rename_new(to, m->name, from, m->name) != 0)
		return mta_claim_fail(c, "cannot be put back");
	c->begun = false;
	return mta_claim_refuse(c, CHANGE_OTHER, maildir_other);
}

/* What is to be deleted is held first. */
static int
maildir_commit(struct mta_session *s, struct mta_claim **v, size_t n,
    const char **why)
{
	const struct mta_message *m;
	bool held, deletes = s->action == CHANGE_DELETE;
	size_t i;

	(void)why;
	for (i = 0; i < n; i++) {
		m = v[i]->message;
		held = m->state == MTA_HELD;
		v[i]->result = held == (s->action == CHANGE_RELEASE) ?
		    maildir_rename(v[i]) :
		    CHANGE_DONE;
		if (deletes && v[i]->result == CHANGE_DONE &&
		    unlinkat(maildir_dir(m, !held), m->name, 0) != 0)
			v[i]->result = mta_claim_fail(v[i], "is still held");
	}
	return 0;
}

static void
maildir_drop(struct mta_session *s, struct mta_claim *c)
{
	struct maildir_claim *own = c->own;

	(void)s;
	if (own != NULL)
		buf_free(&own->text);
	free(own);
	c->own = NULL;
}

/* Is the message of this inode there? */
static bool
maildir_has(const struct mta_message *m, int dir)
{
	struct stat st;

	return fstatat(dir, m->name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    m->ino == (uint64_t)st.st_ino;
}

/* One that was held to be deleted stays so: it may have been held before. */
static enum change_result
maildir_settle(const struct mta_message *m, enum change_action action)
{
	const int *fd = m->place->own;
	bool queued = maildir_has(m, fd[NEW]);

	if (!queued && !maildir_has(m, fd[HELD]))
		return CHANGE_OTHER;
	return (action == CHANGE_HOLD && !queued) ||
		(action == CHANGE_RELEASE && queued) ?
	    CHANGE_DONE :
	    CHANGE_GONE;
}

const struct mta_change maildir_change = {
	.ids_return = true,
	.place_files = DIRS,
	.message_files = 1,
	.open_place = maildir_open_place,
	.close_place = maildir_close_place,
	.probe_place = maildir_probe_place,
	.open = maildir_open,
	.close = maildir_nothing,
	.wait = maildir_nothing,
	.claim = maildir_claim,
	.look = maildir_look,
	.prepare = maildir_prepare,
	.commit = maildir_commit,
	.drop = maildir_drop,
	.settle = maildir_settle,
};
