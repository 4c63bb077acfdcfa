/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * place.c - a queue directory that is open, so that its files may be changed
 *
 * A place owns its descriptors.  All that is done to a message goes through
 * them, so that a directory that is renamed meanwhile stays the one that was
 * looked at.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mail/queue.h"
#include "mta/sendmail/lock.h"
#include "mta/sendmail/name.h"
#include "mta/sendmail/place.h"

/* Tells which directory this is. */
static int
sendmail_place_add_part(struct mta_place *p, int fd)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return -1;
	p->part[p->nparts++] = (struct mta_part){ st.st_dev, st.st_ino };
	return 0;
}

int
sendmail_place_open(struct mta_place *p)
{
	struct sendmail_place *own = malloc(sizeof(*own));

	p->own = own;
	if (own == NULL)
		return -1;
	*own = (struct sendmail_place){ .control = -1, .body = -1, .log = -1 };
	own->control = queue_open_dir(p->dir, SENDMAIL_NAME_CONTROL);
	if (own->control != -1)
		own->body = queue_open_dir(p->dir, SENDMAIL_NAME_BODY);
	if (own->body != -1)
		own->log = queue_open_dir(p->dir, SENDMAIL_NAME_LOG);
	if (own->log == -1 || sendmail_place_add_part(p, own->control) != 0 ||
	    sendmail_place_add_part(p, own->body) != 0)
		p->error = errno;
	return 0;
}

void
sendmail_place_close(struct mta_place *p)
{
	struct sendmail_place *own = p->own;

	if (own == NULL)
		return;
	if (own->control != -1)
		close(own->control);
	if (own->body != -1)
		close(own->body);
	if (own->log != -1)
		close(own->log);
	free(own);
	p->own = NULL;
}

const struct sendmail_place *
sendmail_place_of(const struct mta_place *p)
{
	return p->own;
}

int
sendmail_place_probe(struct mta_place *p, const char **why)
{
	struct sendmail_place *own = p->own;

	*why = "no file can be made and locked in";
	if (p->error != 0) {
		errno = p->error;
		return -1;
	}
	if (own->probed)
		return 0;
	if (sendmail_lock_probe(own->control, SENDMAIL_PLACE_NEW, &own->both) !=
	    0) {
		/*
		 * To remove needs no room.  Where both locks can't be had,
		 * each message is busy now.
		 */
		if (errno != ENOSPC && errno != EDQUOT)
			return -1;
		own->both = true;
	}
	own->probed = true;
	return 0;
}

/* --- bodies that are elsewhere ------------------------------------------- */

/* Components, none of them empty, "." or ".."; or "." alone: the base. */
static bool
sendmail_place_is_below(struct span s)
{
	size_t i, start = 0, n;

	if (memchr(s.p, '\0', s.n) != NULL)
		return false;
	if (s.n == 1 && s.p[0] == '.')
		return true;
	for (i = 0; i <= s.n; i++) {
		if (i < s.n && s.p[i] != '/')
			continue;
		n = i - start;
		if (n == 0 || (n <= 2 && memcmp(s.p + start, "..", n) == 0))
			return false;
		start = i + 1;
	}
	return true;
}

/* The length of the base of all queues, if dir is what body_dir means. */
static size_t
sendmail_place_base(const char *dir, struct span body_dir)
{
	size_t n = strlen(dir);

	if (body_dir.n == 1 && body_dir.p[0] == '.')
		return n;
	if (n <= body_dir.n + 1 || dir[n - body_dir.n - 1] != '/' ||
	    memcmp(dir + n - body_dir.n, body_dir.p, body_dir.n) != 0)
		return 0;
	return n - body_dir.n - 1;
}

const struct mta_place *
sendmail_place_of_body(const struct mta_place_list *list,
    const struct mta_place *p, struct span body_dir)
{
	const struct mta_place *found = NULL, *other;
	const char *here = p->dir->path, *dir;
	size_t i, base;

	if (body_dir.n == 0)
		return p;
	if (!sendmail_place_is_below(body_dir))
		return NULL;
	for (i = 0; i < list->n; i++) {
		other = &list->v[i];
		dir = other->dir->path;
		/* "." is never said of the directory itself. */
		if (other == p && body_dir.n == 1 && body_dir.p[0] == '.')
			continue;
		/* Both are below the same base. */
		base = sendmail_place_base(dir, body_dir);
		if (base == 0 || strncmp(here, dir, base) != 0 ||
		    (here[base] != '/' && here[base] != '\0'))
			continue;
		if (found != NULL)
			return NULL;
		found = other;
	}
	return found != NULL && found->error == 0 ? found : NULL;
}
