/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * change.c - holds, removes and moves messages; for struct mta
 *
 * A message belongs to whoever has the lock of its control file, and is in the
 * queue as long as that file is there.  So the control file is the first that
 * leaves when a message is taken away, and the last that comes when it is put
 * back.  Killed between two steps, this leaves:
 *
 *   hold      the qf with its q line.  A queue run makes an hf of it itself
 *             (seen with 8.17.1), and does not deliver it.  sendmail -Q has
 *             both files for a moment instead, and would deliver one and keep
 *             the other.
 *   release   the same; releasing it again takes the line away
 *   delete    a body without a control file, which is nothing to sendmail
 *   move      the body in the queue; restore is content with that
 *   restore   the body in the queue
 *
 * The new text of a control file is not called tf: a tf that is left behind
 * makes a queue run wait for eight minutes.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fsx.h"
#include "base/sys.h"
#include "mta/sendmail/change.h"
#include "mta/sendmail/hold.h"
#include "mta/sendmail/locked.h"
#include "mta/sendmail/name.h"
#include "mta/sendmail/place.h"
#include "mta/sendmail/qf.h"

#define SENDMAIL_CHANGE_NAME 32
#define SENDMAIL_CHANGE_KEEP 250 /* milliseconds; why so long: linger.h */

/*
 * So many new files are synced one by one, and more by their file system, if
 * that was quick the last time.  One by one takes 0.5 to 2 ms each, whatever
 * others do; the file system takes 5 to 50 ms for 256 files, and seconds where
 * somebody else writes much.
 */
#define SENDMAIL_CHANGE_SYNC_EACH 32
#define SENDMAIL_CHANGE_SYNC_SLOW 500 /* milliseconds */

static void
sendmail_change_name(char out[SENDMAIL_CHANGE_NAME], char type, struct span id)
{
	snprintf(out, SENDMAIL_CHANGE_NAME, "%cf%.*s", type, (int)id.n, id.p);
}

/* Is there a file of this type?  When in doubt, there is. */
static bool
sendmail_change_has(int dir, char type, struct span id)
{
	char name[SENDMAIL_CHANGE_NAME];
	struct stat st;

	sendmail_change_name(name, type, id);
	return fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 ||
	    errno != ENOENT;
}

static bool
sendmail_change_has_any(int dir, const char *types, struct span id)
{
	for (; *types != '\0'; types++)
		if (sendmail_change_has(dir, *types, id))
			return true;
	return false;
}

/* What is not there needs no removal. */
static int
sendmail_change_unlink(int dir, char type, struct span id)
{
	char name[SENDMAIL_CHANGE_NAME];

	sendmail_change_name(name, type, id);
	return unlinkat(dir, name, 0) == 0 || errno == ENOENT ? 0 : -1;
}

/* What a file of this name is. */
static enum mta_state
sendmail_change_state(const char *name)
{
	struct mta_entry entry;

	sendmail_name_classify(NULL, name, strlen(name), 0, &entry);
	return entry.state;
}

/* --- a run --------------------------------------------------------------- */

/* The server's own part of a struct mta_session. */
struct sendmail_session {
	struct sendmail_linger linger;
	atomic_bool slow; /* to sync all of a file system */
};

static int
sendmail_change_open(struct mta_session *s)
{
	struct sendmail_session *own = malloc(sizeof(*own));

	s->own = own;
	if (own == NULL)
		return -1;
	own->slow = false;
	return sendmail_linger_start(&own->linger, s->clock,
	    SENDMAIL_CHANGE_KEEP, s->keep_files);
}

static void
sendmail_change_close(struct mta_session *s)
{
	struct sendmail_session *own = s->own;

	if (own == NULL)
		return;
	sendmail_linger_end(&own->linger);
	free(own);
	s->own = NULL;
}

static void
sendmail_change_wait(struct mta_session *s)
{
	struct sendmail_session *own = s->own;

	sendmail_linger_drain(&own->linger);
}

/* --- claim --------------------------------------------------------------- */

/*
 * The inode does not matter, since sendmail writes a control file anew at each
 * try; nor does the arrival, since no id comes again for 60 years.
 */
static enum change_result
sendmail_change_claim(struct mta_session *s, struct mta_claim *c)
{
	struct sendmail_locked *l = malloc(sizeof(*l));
	const struct mta_place *home, *body;
	enum change_result r;

	c->own = l;
	if (l == NULL)
		return mta_claim_fail(c, "out of memory");
	sendmail_locked_init(l, c);
	if ((r = sendmail_locked_open(l)) != CHANGE_DONE)
		return r;
	qf_parse(&l->envelope, l->text.data, l->text.len, true, NULL, NULL);
	if (l->envelope.end != ENVELOPE_WHOLE)
		return sendmail_locked_refuse(l, CHANGE_INCOMPLETE,
		    "without its end so far");
	home = l->place->home != NULL ? l->place->home : l->place;
	body = sendmail_place_of_body(s->homes, home, l->envelope.body_dir);
	l->body = body != NULL ? sendmail_place_of(body) : NULL;
	return CHANGE_DONE;
}

static enum mta_state
sendmail_change_look(const struct mta_claim *c, struct envelope *e,
    envelope_recipient_fn *recipient, void *arg)
{
	const struct sendmail_locked *l = c->own;

	qf_parse(e, l->text.data, l->text.len, true, recipient, arg);
	return sendmail_change_state(l->name);
}

static void
sendmail_change_drop(struct mta_session *s, struct mta_claim *c)
{
	struct sendmail_session *own = s->own;
	struct sendmail_locked *l = c->own;

	if (l == NULL)
		return;
	sendmail_locked_drop(l, &own->linger);
	free(l);
	c->own = NULL;
}

/* --- prepare ------------------------------------------------------------- */

/* The text with the line or without it; none if there is nothing to change. */
static enum change_result
sendmail_change_text(struct sendmail_locked *l, bool hold, const char *reason)
{
	struct buf text = BUF_INIT;
	enum change_result r;

	/* With a line already: by another's hand, or ours that was stopped. */
	if (hold == (l->envelope.hold_reason.p != NULL))
		return CHANGE_DONE;
	if (!hold)
		hold_remove(&text, l->text.data, l->text.len);
	else if (hold_add(&text, l->text.data, l->text.len, reason) != 0)
		return sendmail_locked_refuse(l, CHANGE_REFUSED,
		    "has no sender line");
	r = sendmail_locked_write(l, &text);
	buf_free(&text);
	return r;
}

/*
 * Is its body where it should be?  Without one a queue run delivers a message
 * that says "No Message Collected".
 */
static enum change_result
sendmail_change_body(struct sendmail_locked *l, enum change_action action)
{
	struct span id = l->claim->message->id;
	bool here;

	errno = 0;
	here = sendmail_change_has(l->body->body, 'd', id);
	/* On its way home, it may be still where the message was moved to. */
	if (!here && action == CHANGE_RESTORE) {
		errno = 0;
		here = sendmail_change_has(l->here->body, 'd', id);
	}
	if (here && errno != 0)
		return sendmail_locked_fail(l, "its body cannot be looked at");
	if (here)
		return CHANGE_DONE;
	return sendmail_locked_refuse(l,
	    action == CHANGE_RELEASE ? CHANGE_BODILESS : CHANGE_REFUSED,
	    "has no body");
}

/* What a message may not share with another one of its id. */
static enum change_result
sendmail_change_alone(struct sendmail_locked *l, enum change_action action)
{
	struct span id = l->claim->message->id;

	if (action == CHANGE_RESTORE)
		return sendmail_change_has_any(
			   sendmail_place_of(l->place->home)->control, "qhQ",
			   id) ?
		    sendmail_locked_refuse(l, CHANGE_REFUSED,
			"is in the queue already, as well") :
		    CHANGE_DONE;
	/* Its body is that of the other, too: sendmail -Q was killed. */
	errno = 0;
	if (!sendmail_change_has(l->here->control,
		l->name[0] == 'q' ? 'h' : 'q', id))
		return CHANGE_DONE;
	if (errno != 0)
		return sendmail_locked_fail(l, "may be both queued and held");
	return sendmail_locked_refuse(l, CHANGE_REFUSED,
	    "is both queued and held");
}

static enum change_result
sendmail_change_prepare(struct mta_session *s, struct mta_claim *c)
{
	enum change_action action = s->action;
	struct sendmail_locked *l = c->own;
	enum change_result r;

	if (l->body == NULL && action != CHANGE_HOLD)
		return sendmail_locked_refuse(l, CHANGE_REFUSED,
		    "its body is in a directory that is not one of these"
		    " queues'");
	r = sendmail_change_alone(l, action);
	if (r == CHANGE_DONE &&
	    (action == CHANGE_RELEASE || action == CHANGE_RESTORE))
		r = sendmail_change_body(l, action);
	if (r == CHANGE_DONE &&
	    (action == CHANGE_HOLD || action == CHANGE_RELEASE))
		r = sendmail_change_text(l, action == CHANGE_HOLD, s->reason);
	return r;
}

/* --- commit -------------------------------------------------------------- */

/* To qf or hf, with the new text if there is one. */
static enum change_result
sendmail_change_mark(struct sendmail_locked *l, bool hold)
{
	char held[SENDMAIL_CHANGE_NAME], queued[SENDMAIL_CHANGE_NAME];
	struct span id = l->claim->message->id;
	int dir = l->here->control;
	enum change_result r = CHANGE_DONE;

	sendmail_change_name(queued, 'q', id);
	sendmail_change_name(held, 'h', id);
	/* What may find no room comes before anything that is seen. */
	if (l->new_fd != -1 && (r = sendmail_locked_name(l)) != CHANGE_DONE)
		return r;
	/* Half released, it has the name of a queued one. */
	if (!hold && l->name[0] != 'q' && renameat(dir, held, dir, queued) != 0)
		return sendmail_locked_fail(l, "cannot be renamed");
	l->claim->begun = !hold;
	if (l->new_fd != -1)
		r = sendmail_locked_replace(l, queued);
	l->claim->begun = l->claim->begun || r == CHANGE_DONE;
	if (r == CHANGE_DONE && hold && renameat(dir, queued, dir, held) != 0)
		return sendmail_locked_fail(l, "cannot be renamed");
	/* Each file was a qf, if only for a moment, and is not one any more. */
	l->late = hold || l->new_fd != -1;
	l->new_late = hold;
	return r;
}

static enum change_result
sendmail_change_delete(struct sendmail_locked *l)
{
	struct span id = l->claim->message->id;

	if (unlinkat(l->here->control, l->name, 0) != 0)
		return sendmail_locked_fail(l, "cannot be removed");
	l->claim->begun = true;
	if (sendmail_change_unlink(l->body->body, 'd', id) != 0 ||
	    sendmail_change_unlink(l->here->control, 't', id) != 0 ||
	    sendmail_change_unlink(l->here->log, 'x', id) != 0)
		return sendmail_locked_fail(l,
		    "was removed, but its body was not");
	return CHANGE_DONE;
}

static int
sendmail_change_move_body(int from, int to, struct span id)
{
	char body[SENDMAIL_CHANGE_NAME];

	sendmail_change_name(body, 'd', id);
	return sys_rename_new(from, body, to, body) == 0 || errno == ENOENT ?
	    0 :
	    -1;
}

static enum change_result
sendmail_change_move(struct sendmail_locked *l)
{
	const struct sendmail_place *to = sendmail_place_of(l->place->moved);

	if (sys_rename_new(l->here->control, l->name, to->control, l->name) !=
	    0)
		return sendmail_locked_fail(l, "cannot be moved");
	l->claim->begun = true;
	if (sendmail_change_move_body(l->body->body, to->body,
		l->claim->message->id) == 0)
		return CHANGE_DONE;
	(void)sendmail_locked_fail(l, "its body cannot be moved");
	if (sys_rename_new(to->control, l->name, l->here->control, l->name) !=
	    0)
		l->claim->why = "its body cannot be moved, and is in the queue";
	return CHANGE_FAILED;
}

static enum change_result
sendmail_change_restore(struct sendmail_locked *l)
{
	if (sendmail_change_move_body(l->here->body, l->body->body,
		l->claim->message->id) != 0)
		return sendmail_locked_fail(l, "its body cannot be moved");
	l->claim->begun = true;
	if (sys_rename_new(l->here->control, l->name,
		sendmail_place_of(l->place->home)->control, l->name) != 0)
		return sendmail_locked_fail(l, "cannot be moved");
	return CHANGE_DONE;
}

static enum change_result
sendmail_change_do(struct sendmail_locked *l, enum change_action action)
{
	enum change_result r = sendmail_locked_recheck(l);

	if (r != CHANGE_DONE)
		return r;
	switch (action) {
	case CHANGE_HOLD:
		return sendmail_change_mark(l, true);
	case CHANGE_RELEASE:
		return sendmail_change_mark(l, false);
	case CHANGE_DELETE:
		return sendmail_change_delete(l);
	case CHANGE_MOVE:
		return sendmail_change_move(l);
	case CHANGE_RESTORE:
		return sendmail_change_restore(l);
	default:
		return sendmail_locked_refuse(l, CHANGE_REFUSED,
		    "no such action");
	}
}

/*
 * All of the file system, which waits for what everybody else has written.
 * 0; 1: that can't be, or is too slow; or -1 with errno.
 */
static int
sendmail_change_sync_all(struct mta_session *s, int fd)
{
	struct sendmail_session *own = s->own;
	int64_t began = when_mono(s->clock);

	if (own->slow)
		return 1;
	if (sys_sync_all(fd) != 0)
		return errno == ENOSYS ? 1 : -1;
	if (when_mono(s->clock) - began > SENDMAIL_CHANGE_SYNC_SLOW)
		own->slow = true;
	return 0;
}

/* The new texts of a batch, to the disk, while all its messages are locked. */
static int
sendmail_change_sync(struct mta_session *s, struct mta_claim **v, size_t count)
{
	const struct sendmail_locked *l;
	int fd[MTA_CHANGE_BATCH], rc = 1;
	bool same = true;
	dev_t dev = 0;
	size_t i, n = 0;

	for (i = 0; i < count; i++) {
		l = v[i]->own;
		if (l->new_fd == -1)
			continue;
		same = same && (n == 0 || l->st.st_dev == dev);
		dev = l->st.st_dev;
		fd[n++] = l->new_fd;
	}
	if (n > SENDMAIL_CHANGE_SYNC_EACH && same)
		rc = sendmail_change_sync_all(s, fd[0]);
	return rc == 1 ? sys_sync_files(fd, n) : rc;
}

static int
sendmail_change_commit(struct mta_session *s, struct mta_claim **v, size_t n,
    const char **why)
{
	size_t i;

	if (sendmail_change_sync(s, v, n) != 0) {
		*why = "new control files can't be synced to the disk";
		return -1;
	}
	for (i = 0; i < n; i++)
		v[i]->result = sendmail_change_do(v[i]->own, s->action);
	return 0;
}

/* --- settle -------------------------------------------------------------- */

/* A text that got its name and no further. */
static void
sendmail_change_sweep(int dir, char type, struct span id)
{
	char name[SENDMAIL_CHANGE_NAME], new_name[SENDMAIL_LOCKED_NEW];

	sendmail_change_name(name, type, id);
	sendmail_locked_new(new_name, name);
	unlinkat(dir, new_name, 0);
}

/* Is this message in the queue, with the line of one that is held? */
static bool
sendmail_change_is_half(int dir, const char *name)
{
	struct buf text = BUF_INIT;
	struct envelope e = { .end = ENVELOPE_CUT };
	bool half;

	if (fsx_read(dir, name, O_NOFOLLOW, SENDMAIL_LOCKED_MAX, &text) == 0)
		qf_parse(&e, text.data, text.len, true, NULL, NULL);
	half = e.hold_reason.p != NULL;
	buf_free(&text);
	return half;
}

/*
 * Deletes or moves the body of a message whose control file has left the
 * queue.  sendmail removes the body first, so one that is still there is what
 * a killed run left.
 */
static enum change_result
sendmail_change_settle_out(const struct mta_place *p, struct span id,
    enum change_action action)
{
	const struct sendmail_place *from = sendmail_place_of(p), *to;
	enum change_result r = CHANGE_OTHER;

	if (action == CHANGE_DELETE) {
		if (sendmail_change_has(from->body, 'd', id))
			r = CHANGE_DONE;
		if (sendmail_change_unlink(from->body, 'd', id) != 0 ||
		    sendmail_change_unlink(from->log, 'x', id) != 0)
			r = CHANGE_FAILED;
	} else if (p->moved != NULL) {
		to = sendmail_place_of(p->moved);
		if (sendmail_change_has_any(to->control, "qh", id)) {
			(void)sendmail_change_move_body(from->body, to->body,
			    id);
			r = CHANGE_DONE;
		}
	}
	return r;
}

static enum change_result
sendmail_change_settle(const struct mta_message *m, enum change_action action)
{
	int control = sendmail_place_of(m->place)->control;
	char name[SENDMAIL_CHANGE_NAME];
	struct span id = m->id;
	bool here;

	sendmail_change_name(name, 'q', id);
	if (memchr(id.p, '/', id.n) != NULL ||
	    sendmail_change_state(name) != MTA_QUEUED)
		return CHANGE_GONE;
	here = sendmail_change_has_any(control, "qhQt", id);
	switch (action) {
	case CHANGE_HOLD:
		sendmail_change_sweep(control, 'q', id);
		return sendmail_change_has(control, 'h', id) ? CHANGE_DONE :
							       CHANGE_GONE;
	case CHANGE_RELEASE:
		sendmail_change_sweep(control, 'h', id);
		sendmail_change_sweep(control, 'q', id);
		return sendmail_change_has(control, 'h', id) ||
			sendmail_change_is_half(control, name) ?
		    CHANGE_GONE :
		    CHANGE_DONE;
	case CHANGE_DELETE:
	case CHANGE_MOVE:
		return here ? CHANGE_GONE :
			      sendmail_change_settle_out(m->place, id, action);
	default:
		return here ? CHANGE_DONE : CHANGE_GONE;
	}
}

const struct mta_change sendmail_change = {
	.place_files = SENDMAIL_PLACE_FILES,
	.message_files = SENDMAIL_LOCKED_FILES,
	.open_place = sendmail_place_open,
	.close_place = sendmail_place_close,
	.probe_place = sendmail_place_probe,
	.open = sendmail_change_open,
	.close = sendmail_change_close,
	.wait = sendmail_change_wait,
	.claim = sendmail_change_claim,
	.look = sendmail_change_look,
	.prepare = sendmail_change_prepare,
	.commit = sendmail_change_commit,
	.drop = sendmail_change_drop,
	.settle = sendmail_change_settle,
};
