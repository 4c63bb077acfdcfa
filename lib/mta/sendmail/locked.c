/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * locked.c - one message that is locked, so that its files may be changed
 *
 * Owns both descriptors and the text.  Which of these steps an action takes,
 * and what the files are called, is in change.c.
 *
 * A process that respects neither kind of lock may still remove or replace a
 * file between the last look at it and the change.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/fsx.h"
#include "base/sys.h"
#include "mta/sendmail/lock.h"
#include "mta/sendmail/locked.h"

enum change_result
sendmail_locked_refuse(struct sendmail_locked *l, enum change_result result,
    const char *why)
{
	return mta_claim_refuse(l->claim, result, why);
}

enum change_result
sendmail_locked_fail(struct sendmail_locked *l, const char *why)
{
	return mta_claim_fail(l->claim, why);
}

void
sendmail_locked_init(struct sendmail_locked *l, struct mta_claim *claim)
{
	*l = (struct sendmail_locked){
		.claim = claim,
		.place = claim->message->place,
		.here = sendmail_place_of(claim->message->place),
		.name = claim->message->name,
		.fd = -1,
		.new_fd = -1,
		.text = BUF_INIT,
	};
}

void
sendmail_locked_new(char out[SENDMAIL_LOCKED_NEW], const char *name)
{
	snprintf(out, SENDMAIL_LOCKED_NEW, "%s%s", SENDMAIL_PLACE_NEW, name);
}

/* Unlocks a file; one that is late only after a moment. */
static void
sendmail_locked_close(int fd, bool late, struct sendmail_linger *linger)
{
	if (fd != -1 && late)
		sendmail_linger_keep(linger, fd);
	else if (fd != -1)
		close(fd);
}

void
sendmail_locked_drop(struct sendmail_locked *l, struct sendmail_linger *linger)
{
	char new_name[SENDMAIL_LOCKED_NEW];

	if (l->new_named) {
		sendmail_locked_new(new_name, l->name);
		unlinkat(l->here->control, new_name, 0);
	}
	sendmail_locked_close(l->fd, l->late, linger);
	sendmail_locked_close(l->new_fd, l->new_late, linger);
	buf_free(&l->text);
	l->fd = l->new_fd = -1;
	l->new_named = false;
}

/* --- opening ------------------------------------------------------------- */

static enum change_result
sendmail_locked_open_file(struct sendmail_locked *l)
{
	l->fd = openat(l->here->control, l->name,
	    O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (l->fd == -1) {
		if (sys_is_link_error(errno) || errno == EISDIR ||
		    errno == ENXIO)
			return sendmail_locked_refuse(l, CHANGE_REFUSED,
			    "not a regular file");
		return sendmail_locked_fail(l, "cannot be opened");
	}
	if (fstat(l->fd, &l->st) != 0)
		return sendmail_locked_fail(l, "cannot be looked at");
	if (!S_ISREG(l->st.st_mode))
		return sendmail_locked_refuse(l, CHANGE_REFUSED,
		    "not a regular file");
	if (l->st.st_size == 0)
		return sendmail_locked_refuse(l, CHANGE_INCOMPLETE,
		    "empty so far");
	return CHANGE_DONE;
}

static enum change_result
sendmail_locked_look(struct sendmail_locked *l, struct stat *now)
{
	if (fstatat(l->here->control, l->name, now, AT_SYMLINK_NOFOLLOW) != 0)
		return sendmail_locked_fail(l, "cannot be looked at");
	if (now->st_dev != l->st.st_dev || now->st_ino != l->st.st_ino)
		return sendmail_locked_refuse(l, CHANGE_BUSY, "just replaced");
	if (now->st_nlink != 1)
		return sendmail_locked_refuse(l, CHANGE_REFUSED,
		    "has other names");
	return CHANGE_DONE;
}

static enum change_result
sendmail_locked_lock(struct sendmail_locked *l, int fd)
{
	switch (sendmail_lock_take(fd, l->here->both)) {
	case 0:
		return CHANGE_DONE;
	case 1:
		return sendmail_locked_refuse(l, CHANGE_BUSY,
		    "in use by another process");
	default:
		return sendmail_locked_fail(l, "cannot be locked");
	}
}

static enum change_result
sendmail_locked_read(struct sendmail_locked *l)
{
	size_t size = (size_t)l->st.st_size;
	char *bytes;
	ssize_t n;

	if (l->st.st_size > SENDMAIL_LOCKED_MAX)
		return sendmail_locked_refuse(l, CHANGE_REFUSED, "too large");
	if ((bytes = malloc(size + 1)) == NULL)
		return sendmail_locked_fail(l, "out of memory");
	l->text = (struct buf){ .data = bytes, .size = size + 1 };
	if ((n = fsx_read_all_at(l->fd, bytes, size + 1, 0)) < 0)
		return sendmail_locked_fail(l, "cannot be read");
	if ((size_t)n != size)
		return sendmail_locked_refuse(l, CHANGE_BUSY, "just changed");
	l->text.len = l->claim->bytes = size;
	bytes[size] = '\0';
	return CHANGE_DONE;
}

enum change_result
sendmail_locked_open(struct sendmail_locked *l)
{
	enum change_result r = sendmail_locked_open_file(l);
	struct stat now;

	if (r == CHANGE_DONE)
		r = sendmail_locked_lock(l, l->fd);
	if (r == CHANGE_DONE)
		r = sendmail_locked_look(l, &now);
	if (r != CHANGE_DONE)
		return r;
	l->st = now;
	return sendmail_locked_read(l);
}

enum change_result
sendmail_locked_recheck(struct sendmail_locked *l)
{
	struct stat now;

	return sendmail_locked_look(l, &now);
}

/* --- a new text ---------------------------------------------------------- */

/* What a new file does not have from the old one by itself. */
static int
sendmail_locked_copy_meta(const struct sendmail_locked *l)
{
	const struct timespec times[2] = { l->st.st_atim, l->st.st_mtim };
	struct stat st;

	if (fstat(l->new_fd, &st) != 0 ||
	    ((st.st_uid != l->st.st_uid || st.st_gid != l->st.st_gid) &&
		fchown(l->new_fd, l->st.st_uid, l->st.st_gid) != 0) ||
	    fchmod(l->new_fd, l->st.st_mode & 0777) != 0)
		return -1;
	/* MailScanner takes messages in the order of these. */
	return futimens(l->new_fd, times);
}

enum change_result
sendmail_locked_write(struct sendmail_locked *l, const struct buf *text)
{
	char new_name[SENDMAIL_LOCKED_NEW];
	enum change_result r;

	errno = ENOMEM;
	if (text->oom)
		return sendmail_locked_fail(l, "out of memory");
	sendmail_locked_new(new_name, l->name);
	l->new_fd = sys_new(l->here->control, new_name, &l->new_named);
	if (l->new_fd == -1)
		return sendmail_locked_fail(l, "no new file in its directory");
	/* Before it gets a name that anybody looks for. */
	if ((r = sendmail_locked_lock(l, l->new_fd)) != CHANGE_DONE)
		return r;
	if (fsx_write(l->new_fd, text->data, text->len) != 0)
		return sendmail_locked_fail(l,
		    "its new text cannot be written");
	if (sendmail_locked_copy_meta(l) != 0)
		return sendmail_locked_fail(l,
		    "its owner and mode cannot be kept");
	return CHANGE_DONE;
}

enum change_result
sendmail_locked_name(struct sendmail_locked *l)
{
	char new_name[SENDMAIL_LOCKED_NEW];

	sendmail_locked_new(new_name, l->name);
	if (!l->new_named &&
	    sys_name(l->new_fd, l->here->control, new_name) != 0) {
		/* ENOENT: there is no /proc.  The message is still here. */
		(void)sendmail_locked_fail(l, "its new text gets no name");
		return CHANGE_FAILED;
	}
	l->new_named = true;
	return CHANGE_DONE;
}

enum change_result
sendmail_locked_replace(struct sendmail_locked *l, const char *name)
{
	char new_name[SENDMAIL_LOCKED_NEW];
	int dir = l->here->control;

	sendmail_locked_new(new_name, l->name);
	if (renameat(dir, new_name, dir, name) != 0)
		return sendmail_locked_fail(l, "cannot be replaced");
	l->new_named = false;
	return CHANGE_DONE;
}
