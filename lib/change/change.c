/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * change.c - one message that is locked, so that it may be changed
 *
 * Owns both descriptors and the text.  These are the steps that any MTA's
 * queue files need; which to take, and the names, are in struct mta.
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
#include "change/change.h"
#include "change/lock.h"

enum change_result
change_refuse(struct change *c, enum change_result result, const char *why)
{
	c->why = why;
	c->error = 0;
	return result;
}

enum change_result
change_fail(struct change *c, const char *why)
{
	c->why = why;
	c->error = errno;
	return c->error == ENOENT ? CHANGE_GONE : CHANGE_FAILED;
}

void
change_init(struct change *c, const struct place *place, const char *name)
{
	*c = (struct change){
		.place = place,
		.name = name,
		.fd = -1,
		.new_fd = -1,
		.text = BUF_INIT,
	};
}

void
change_new_name(char out[CHANGE_NEW_NAME], const char *name)
{
	snprintf(out, CHANGE_NEW_NAME, "%s%s", CHANGE_NEW, name);
}

void
change_drop(struct change *c)
{
	char new_name[CHANGE_NEW_NAME];

	if (c->new_named) {
		change_new_name(new_name, c->name);
		unlinkat(c->place->control, new_name, 0);
	}
	if (c->new_fd != -1)
		close(c->new_fd);
	if (c->fd != -1)
		close(c->fd);
	buf_free(&c->text);
	c->fd = c->new_fd = -1;
	c->new_named = false;
}

void
change_leave(struct change *c, struct linger_list *l)
{
	if (c->late && c->fd != -1) {
		linger_keep(l, c->fd);
		c->fd = -1;
	}
	if (c->new_late && c->new_fd != -1) {
		linger_keep(l, c->new_fd);
		c->new_fd = -1;
	}
	change_drop(c);
}

/* --- opening ------------------------------------------------------------- */

static enum change_result
change_open_file(struct change *c)
{
	c->fd = openat(c->place->control, c->name,
	    O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (c->fd == -1) {
		if (sys_is_link_error(errno) || errno == EISDIR ||
		    errno == ENXIO)
			return change_refuse(c, CHANGE_REFUSED,
			    "not a regular file");
		return change_fail(c, "cannot be opened");
	}
	if (fstat(c->fd, &c->st) != 0)
		return change_fail(c, "cannot be looked at");
	if (!S_ISREG(c->st.st_mode))
		return change_refuse(c, CHANGE_REFUSED, "not a regular file");
	if (c->st.st_size == 0)
		return change_refuse(c, CHANGE_INCOMPLETE, "empty so far");
	return CHANGE_DONE;
}

static enum change_result
change_look(struct change *c, struct stat *now)
{
	if (fstatat(c->place->control, c->name, now, AT_SYMLINK_NOFOLLOW) != 0)
		return change_fail(c, "cannot be looked at");
	if (now->st_dev != c->st.st_dev || now->st_ino != c->st.st_ino)
		return change_refuse(c, CHANGE_BUSY, "just replaced");
	if (now->st_nlink != 1)
		return change_refuse(c, CHANGE_REFUSED, "has other names");
	return CHANGE_DONE;
}

static enum change_result
change_lock(struct change *c, int fd)
{
	switch (lock_take(fd, c->place->both)) {
	case 0:
		return CHANGE_DONE;
	case 1:
		return change_refuse(c, CHANGE_BUSY,
		    "in use by another process");
	default:
		return change_fail(c, "cannot be locked");
	}
}

static enum change_result
change_read(struct change *c)
{
	size_t size = (size_t)c->st.st_size;
	char *bytes;
	ssize_t n;

	if (c->st.st_size > CHANGE_TEXT_MAX)
		return change_refuse(c, CHANGE_REFUSED, "too large");
	if ((bytes = malloc(size + 1)) == NULL)
		return change_fail(c, "out of memory");
	c->text = (struct buf){ .data = bytes, .size = size + 1 };
	if ((n = fsx_read_all_at(c->fd, bytes, size + 1, 0)) < 0)
		return change_fail(c, "cannot be read");
	if ((size_t)n != size)
		return change_refuse(c, CHANGE_BUSY, "just changed");
	c->text.len = size;
	bytes[size] = '\0';
	return CHANGE_DONE;
}

enum change_result
change_open(struct change *c)
{
	enum change_result r = change_open_file(c);
	struct stat now;

	if (r == CHANGE_DONE)
		r = change_lock(c, c->fd);
	if (r == CHANGE_DONE)
		r = change_look(c, &now);
	if (r != CHANGE_DONE)
		return r;
	c->st = now;
	return change_read(c);
}

enum change_result
change_recheck(struct change *c)
{
	struct stat now;

	return change_look(c, &now);
}

/* --- a new text ---------------------------------------------------------- */

/* What a new file does not have from the old one by itself. */
static int
change_copy_meta(const struct change *c)
{
	const struct timespec times[2] = { c->st.st_atim, c->st.st_mtim };
	struct stat st;

	if (fstat(c->new_fd, &st) != 0 ||
	    ((st.st_uid != c->st.st_uid || st.st_gid != c->st.st_gid) &&
		fchown(c->new_fd, c->st.st_uid, c->st.st_gid) != 0) ||
	    fchmod(c->new_fd, c->st.st_mode & 0777) != 0)
		return -1;
	/* MailScanner takes messages in the order of these. */
	return futimens(c->new_fd, times);
}

enum change_result
change_write(struct change *c, const struct buf *text)
{
	char new_name[CHANGE_NEW_NAME];
	enum change_result r;

	errno = ENOMEM;
	if (text->oom)
		return change_fail(c, "out of memory");
	change_new_name(new_name, c->name);
	c->new_fd = sys_new(c->place->control, new_name, &c->new_named);
	if (c->new_fd == -1)
		return change_fail(c, "no new file in its directory");
	/* Before it gets a name that anybody looks for. */
	if ((r = change_lock(c, c->new_fd)) != CHANGE_DONE)
		return r;
	if (fsx_write(c->new_fd, text->data, text->len) != 0)
		return change_fail(c, "its new text cannot be written");
	if (change_copy_meta(c) != 0)
		return change_fail(c, "its owner and mode cannot be kept");
	return CHANGE_DONE;
}

enum change_result
change_name(struct change *c)
{
	char new_name[CHANGE_NEW_NAME];

	change_new_name(new_name, c->name);
	if (!c->new_named &&
	    sys_name(c->new_fd, c->place->control, new_name) != 0) {
		/* ENOENT: there is no /proc.  The message is still here. */
		(void)change_fail(c, "its new text gets no name");
		return CHANGE_FAILED;
	}
	c->new_named = true;
	return CHANGE_DONE;
}

enum change_result
change_replace(struct change *c, const char *name)
{
	char new_name[CHANGE_NEW_NAME];
	int dir = c->place->control;

	change_new_name(new_name, c->name);
	if (renameat(dir, new_name, dir, name) != 0)
		return change_fail(c, "cannot be replaced");
	c->new_named = false;
	return CHANGE_DONE;
}
