/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * command.c - commands of sendmail that show or release what is in a queue
 *
 * Left to itself sendmail looks at the queues of its own sendmail.cf, with -Ac
 * of submit.cf, and at no other: for those of a content scanner, or of -q, it
 * must be told the directory, and only root may.  It is not called mailq,
 * which Debian has a script for that lists two queues, and splits names at
 * blanks; and by its path, as not every PATH has /usr/sbin.
 *
 * Where sendmail.cf has queue groups with directories of their own, sendmail
 * refuses a -OQueueDirectory that they are not below: it says so and exits
 * with 78, and lists nothing.
 */
#include <string.h>

#include "base/shell.h"
#include "mail/queue.h"
#include "mta/sendmail/command.h"

#define SENDMAIL_PROGRAM "/usr/sbin/sendmail"

/* Is this what sendmail reads by itself?  The source may go on after it. */
static bool
sendmail_is_named_by(const struct queue *q, const char *file)
{
	size_t n = strlen(file);

	return q->source != NULL && strncmp(q->source, file, n) == 0 &&
	    (q->source[n] == '\0' || q->source[n] == ',');
}

/* The options by which sendmail itself comes to the queue; NULL: none do. */
static const char *
sendmail_own_queue(const struct queue *q)
{
	if (sendmail_is_named_by(q, "/etc/mail/sendmail.cf") ||
	    sendmail_is_named_by(q, "/etc/sendmail.cf"))
		return "";
	if (sendmail_is_named_by(q, "/etc/mail/submit.cf"))
		return " -Ac";
	return NULL;
}

/* How much of the path is its parent directory's, with the slash. */
static size_t
sendmail_parent(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? 0 : (size_t)(slash - path) + 1;
}

/*
 * Adds a directory, or for several a sendmail wildcard that stands for at
 * least all of them.  False: they are not below one directory.
 */
static bool
sendmail_add_dirs(struct buf *b, const struct queue *q,
    const struct queue_dir *only)
{
	const char *first = only != NULL ? only->path : q->dirs[0].path;
	size_t parent = sendmail_parent(first), n = strlen(first), i, k;

	if (only == NULL && q->ndirs > 1) {
		for (i = 1; i < q->ndirs; i++) {
			for (k = 0; k < n && q->dirs[i].path[k] == first[k];)
				k++;
			n = k;
			if (n < parent ||
			    sendmail_parent(q->dirs[i].path) != parent)
				return false;
		}
		buf_add(b, first, n);
		buf_addc(b, '*');
		return true;
	}
	buf_add(b, first, n);
	return true;
}

/* The option that takes messages with this in their ids, and no others. */
static bool
sendmail_add_id(struct buf *b, const struct span *id)
{
	struct buf word = BUF_INIT;
	bool ok;

	buf_adds(&word, "-qI");
	buf_add(&word, id->p, id->n);
	buf_addc(b, ' ');
	ok = !word.oom && shell_add(b, word.data, word.len);
	b->oom |= word.oom;
	buf_free(&word);
	return ok;
}

/* The option that leads it to the queue. */
static bool
sendmail_add_queue(struct buf *b, const struct queue *q,
    const struct queue_dir *dir)
{
	struct buf word = BUF_INIT;
	bool ok;

	buf_adds(&word, "-OQueueDirectory=");
	ok = sendmail_add_dirs(&word, q, dir);
	buf_addc(b, ' ');
	ok = ok && !word.oom && shell_add(b, word.data, word.len);
	b->oom |= word.oom;
	buf_free(&word);
	return ok;
}

bool
sendmail_command(struct buf *b, enum mta_command what, const struct queue *q,
    const struct queue_dir *dir, const struct span *id)
{
	static const char *const options[] = {
		[MTA_COMMAND_QUEUED] = " -bp -OMaxQueueRunSize=20",
		[MTA_COMMAND_HELD] = " -bp -qQ",
		[MTA_COMMAND_LOST] = " -bp -qL",
		[MTA_COMMAND_RELEASE] = " -qQ -Q",
	};
	const char *own = sendmail_own_queue(q);
	size_t start = b->len;
	bool ok = true;

	if (own == NULL && (q->ndirs == 0 || q->dirs[0].path[0] != '/'))
		return false;
	buf_addf(b, SENDMAIL_PROGRAM "%s%s", own != NULL ? own : "",
	    options[what]);
	if (id != NULL)
		ok = sendmail_add_id(b, id);
	if (ok && own == NULL)
		ok = sendmail_add_queue(b, q, dir);
	if (!ok)
		buf_truncate(b, start);
	return ok;
}
