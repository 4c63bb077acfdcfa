/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * change.c - holds, removes and moves messages; for struct mta
 *
 * A message belongs to whoever has the lock of its control file, and shows in
 * the queue by that file's name: so that is what changes first when it goes,
 * and last when it comes.  Killed between two steps, this leaves:
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
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/fsx.h"
#include "base/sys.h"
#include "change/change.h"
#include "change/place.h"
#include "mta/sendmail/change.h"
#include "mta/sendmail/hold.h"
#include "mta/sendmail/name.h"
#include "mta/sendmail/qf.h"

#define SENDMAIL_CHANGE_NAME 32

static void
sendmail_change_name(char out[SENDMAIL_CHANGE_NAME], char type, const char *id)
{
	snprintf(out, SENDMAIL_CHANGE_NAME, "%cf%s", type, id);
}

/* Is there a file of this type?  When in doubt, there is. */
static bool
sendmail_change_has(int dir, char type, const char *id)
{
	char name[SENDMAIL_CHANGE_NAME];
	struct stat st;

	sendmail_change_name(name, type, id);
	return fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 ||
	    errno != ENOENT;
}

static bool
sendmail_change_has_any(int dir, const char *types, const char *id)
{
	for (; *types != '\0'; types++)
		if (sendmail_change_has(dir, *types, id))
			return true;
	return false;
}

/* What is not there needs no removal. */
static int
sendmail_change_unlink(int dir, char type, const char *id)
{
	char name[SENDMAIL_CHANGE_NAME];

	sendmail_change_name(name, type, id);
	return unlinkat(dir, name, 0) == 0 || errno == ENOENT ? 0 : -1;
}

enum change_result
sendmail_change_claim(struct change *c, const struct place_list *places)
{
	const struct place *home = c->place->home != NULL ? c->place->home :
							    c->place;
	enum change_result r = change_open(c);

	if (r != CHANGE_DONE)
		return r;
	qf_parse(&c->envelope, c->text.data, c->text.len, true, NULL, NULL);
	if (c->envelope.end != ENVELOPE_WHOLE)
		return change_refuse(c, CHANGE_INCOMPLETE,
		    "without its end so far");
	c->body = place_of_body(places, home, c->envelope.body_dir);
	return CHANGE_DONE;
}

/* --- prepare ------------------------------------------------------------- */

/* The text with the line or without it; none if there is nothing to change. */
static enum change_result
sendmail_change_text(struct change *c, bool hold, const char *reason)
{
	struct buf text = BUF_INIT;
	enum change_result r;

	/* With a line already: by another's hand, or ours that was stopped. */
	if (hold == (c->envelope.quarantine.p != NULL))
		return CHANGE_DONE;
	if (!hold)
		hold_remove(&text, c->text.data, c->text.len);
	else if (hold_add(&text, c->text.data, c->text.len, reason) != 0)
		return change_refuse(c, CHANGE_REFUSED, "has no sender line");
	r = change_write(c, &text);
	buf_free(&text);
	return r;
}

/*
 * Is its body where it should be?  Without one a queue run delivers a message
 * that says "No Message Collected".
 */
static enum change_result
sendmail_change_body(struct change *c, enum change_action action)
{
	const char *id = sendmail_name_id(c->name);
	bool here;

	errno = 0;
	here = sendmail_change_has(c->body->body, 'd', id);
	/* On its way home, it may be still where the message was moved to. */
	if (!here && action == CHANGE_RESTORE) {
		errno = 0;
		here = sendmail_change_has(c->place->body, 'd', id);
	}
	if (here && errno != 0)
		return change_fail(c, "its body cannot be looked at");
	if (here)
		return CHANGE_DONE;
	return change_refuse(c,
	    action == CHANGE_RELEASE ? CHANGE_BODILESS : CHANGE_REFUSED,
	    "has no body");
}

/* What a message may not share with another one of its id. */
static enum change_result
sendmail_change_alone(struct change *c, enum change_action action)
{
	const char *id = sendmail_name_id(c->name);

	if (action == CHANGE_RESTORE)
		return sendmail_change_has_any(c->place->home->control, "qhQ",
			   id) ?
		    change_refuse(c, CHANGE_REFUSED,
			"is in the queue already, as well") :
		    CHANGE_DONE;
	/* Its body is that of the other, too: sendmail -Q was killed. */
	errno = 0;
	if (!sendmail_change_has(c->place->control,
		c->name[0] == 'q' ? 'h' : 'q', id))
		return CHANGE_DONE;
	if (errno != 0)
		return change_fail(c, "may be both queued and held");
	return change_refuse(c, CHANGE_REFUSED, "is both queued and held");
}

enum change_result
sendmail_change_prepare(struct change *c, enum change_action action,
    const char *reason)
{
	enum change_result r;

	if (c->body == NULL && action != CHANGE_HOLD)
		return change_refuse(c, CHANGE_REFUSED,
		    "its body is in a directory that is none of these queues'");
	r = sendmail_change_alone(c, action);
	if (r == CHANGE_DONE &&
	    (action == CHANGE_RELEASE || action == CHANGE_RESTORE))
		r = sendmail_change_body(c, action);
	if (r == CHANGE_DONE &&
	    (action == CHANGE_HOLD || action == CHANGE_RELEASE))
		r = sendmail_change_text(c, action == CHANGE_HOLD, reason);
	return r;
}

/* --- commit -------------------------------------------------------------- */

/* To qf or hf, with the new text if there is one. */
static enum change_result
sendmail_change_mark(struct change *c, bool hold)
{
	char held[SENDMAIL_CHANGE_NAME], queued[SENDMAIL_CHANGE_NAME];
	const char *id = sendmail_name_id(c->name);
	int dir = c->place->control;
	enum change_result r = CHANGE_DONE;

	sendmail_change_name(queued, 'q', id);
	sendmail_change_name(held, 'h', id);
	/* What may find no room comes before anything that is seen. */
	if (c->new_fd != -1 && (r = change_name(c)) != CHANGE_DONE)
		return r;
	/* Half released, it has the name of a queued one. */
	if (!hold && c->name[0] != 'q' && renameat(dir, held, dir, queued) != 0)
		return change_fail(c, "cannot be renamed");
	c->begun = !hold;
	if (c->new_fd != -1)
		r = change_replace(c, queued);
	c->begun = c->begun || r == CHANGE_DONE;
	if (r == CHANGE_DONE && hold && renameat(dir, queued, dir, held) != 0)
		return change_fail(c, "cannot be renamed");
	/* Each file was, if only for a moment, a qf that is none any more. */
	c->late = hold || c->new_fd != -1;
	c->new_late = hold;
	return r;
}

static enum change_result
sendmail_change_delete(struct change *c)
{
	const char *id = sendmail_name_id(c->name);

	if (unlinkat(c->place->control, c->name, 0) != 0)
		return change_fail(c, "cannot be removed");
	c->begun = true;
	if (sendmail_change_unlink(c->body->body, 'd', id) != 0 ||
	    sendmail_change_unlink(c->place->control, 't', id) != 0 ||
	    sendmail_change_unlink(c->place->log, 'x', id) != 0)
		return change_fail(c, "was removed, but its body was not");
	return CHANGE_DONE;
}

static int
sendmail_change_move_body(int from, int to, const char *id)
{
	char body[SENDMAIL_CHANGE_NAME];

	sendmail_change_name(body, 'd', id);
	return sys_rename_new(from, body, to, body) == 0 || errno == ENOENT ?
	    0 :
	    -1;
}

static enum change_result
sendmail_change_move(struct change *c)
{
	const struct place *to = c->place->moved;

	if (sys_rename_new(c->place->control, c->name, to->control, c->name) !=
	    0)
		return change_fail(c, "cannot be moved");
	c->begun = true;
	if (sendmail_change_move_body(c->body->body, to->body,
		sendmail_name_id(c->name)) == 0)
		return CHANGE_DONE;
	(void)change_fail(c, "its body cannot be moved");
	if (sys_rename_new(to->control, c->name, c->place->control, c->name) !=
	    0)
		c->why = "its body cannot be moved, and is in the queue";
	return CHANGE_FAILED;
}

static enum change_result
sendmail_change_restore(struct change *c)
{
	if (sendmail_change_move_body(c->place->body, c->body->body,
		sendmail_name_id(c->name)) != 0)
		return change_fail(c, "its body cannot be moved");
	c->begun = true;
	if (sys_rename_new(c->place->control, c->name, c->place->home->control,
		c->name) != 0)
		return change_fail(c, "cannot be moved");
	return CHANGE_DONE;
}

enum change_result
sendmail_change_commit(struct change *c, enum change_action action)
{
	enum change_result r = change_recheck(c);

	if (r != CHANGE_DONE)
		return r;
	switch (action) {
	case CHANGE_HOLD:
		return sendmail_change_mark(c, true);
	case CHANGE_RELEASE:
		return sendmail_change_mark(c, false);
	case CHANGE_DELETE:
		return sendmail_change_delete(c);
	case CHANGE_MOVE:
		return sendmail_change_move(c);
	case CHANGE_RESTORE:
		return sendmail_change_restore(c);
	default:
		return change_refuse(c, CHANGE_REFUSED, "no such action");
	}
}

/* --- settle -------------------------------------------------------------- */

/* A text that got its name and no further. */
static void
sendmail_change_sweep(int dir, char type, const char *id)
{
	char name[SENDMAIL_CHANGE_NAME], new_name[CHANGE_NEW_NAME];

	sendmail_change_name(name, type, id);
	change_new_name(new_name, name);
	unlinkat(dir, new_name, 0);
}

/* Is this message in the queue, with the line of one that is held? */
static bool
sendmail_change_is_half(int dir, const char *name)
{
	struct buf text = BUF_INIT;
	struct envelope e = { .end = ENVELOPE_CUT };
	bool half;

	if (fsx_read(dir, name, O_NOFOLLOW, CHANGE_TEXT_MAX, &text) == 0)
		qf_parse(&e, text.data, text.len, true, NULL, NULL);
	half = e.quarantine.p != NULL;
	buf_free(&text);
	return half;
}

/*
 * Deletes or moves the body of a message whose control file has left the
 * queue.  sendmail removes the body first, so one that is still there is what
 * a killed run left.
 */
static enum change_result
sendmail_change_settle_out(const struct place *p, const char *id,
    enum change_action action)
{
	enum change_result r = CHANGE_OTHER;

	if (action == CHANGE_DELETE) {
		if (sendmail_change_has(p->body, 'd', id))
			r = CHANGE_DONE;
		if (sendmail_change_unlink(p->body, 'd', id) != 0 ||
		    sendmail_change_unlink(p->log, 'x', id) != 0)
			r = CHANGE_FAILED;
	} else if (p->moved != NULL &&
	    sendmail_change_has_any(p->moved->control, "qh", id)) {
		(void)sendmail_change_move_body(p->body, p->moved->body, id);
		r = CHANGE_DONE;
	}
	return r;
}

enum change_result
sendmail_change_settle(const struct place *p, const char *id,
    enum change_action action)
{
	char name[SENDMAIL_CHANGE_NAME];
	struct mta_entry entry;
	bool here;

	sendmail_change_name(name, 'q', id);
	sendmail_name_classify(NULL, name, strlen(id) + 2, 0, &entry);
	if (strchr(id, '/') != NULL || entry.state != MTA_QUEUED)
		return CHANGE_GONE;
	here = sendmail_change_has_any(p->control, "qhQt", id);
	switch (action) {
	case CHANGE_HOLD:
		sendmail_change_sweep(p->control, 'q', id);
		return sendmail_change_has(p->control, 'h', id) ? CHANGE_DONE :
								  CHANGE_GONE;
	case CHANGE_RELEASE:
		sendmail_change_sweep(p->control, 'h', id);
		sendmail_change_sweep(p->control, 'q', id);
		return sendmail_change_has(p->control, 'h', id) ||
			sendmail_change_is_half(p->control, name) ?
		    CHANGE_GONE :
		    CHANGE_DONE;
	case CHANGE_DELETE:
	case CHANGE_MOVE:
		return here ? CHANGE_GONE :
			      sendmail_change_settle_out(p, id, action);
	default:
		return here ? CHANGE_DONE : CHANGE_GONE;
	}
}
