/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * journal.c - what was done to which message, one line each
 *
 * Two descriptors: one appends, so that several processes can; the other
 * writes results over.  Each process has a shared flock(2) on it, by which
 * another one knows that it lives.
 *
 * A result takes the place of another text of the same length, so it can't
 * fail for want of space.  When the file was made shorter meanwhile (as by
 * logrotate's copytruncate), results are lost; renaming it does no harm.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clean.h"
#include "base/fsx.h"
#include "base/remedy.h"
#include "base/sys.h"
#include "base/utc.h"
#include "change/journal.h"

#define JOURNAL_TEXT   200       /* bytes of a text in a field */
#define JOURNAL_TAIL   (4 << 20) /* bytes that are looked at again */
#define JOURNAL_FIELDS 8

/* --- opening ------------------------------------------------------------- */

static int
journal_check(const struct journal *j, const char **why)
{
	struct stat st;

	*why = NULL;
	if (fstat(j->fd, &st) != 0)
		return -1;
	if (!S_ISREG(st.st_mode))
		*why = "not a regular file";
	else if (st.st_nlink != 1)
		*why = "it has other names (hard links)";
	else if (st.st_uid != geteuid())
		*why = "it belongs to another user";
	else if ((st.st_mode & (S_IWGRP | S_IWOTH)) != 0)
		*why = "other users may write to it";
	return *why == NULL ? 0 : -1;
}

/* A line that a full disk has cut is ended, or the next would go on with it. */
static void
journal_end_line(struct journal *j)
{
	struct stat st;
	char last;

	if (fstat(j->fd, &st) == 0 && st.st_size != 0 &&
	    pread(j->fd, &last, 1, st.st_size - 1) == 1 && last != '\n')
		(void)fsx_write(j->append, "\n", 1);
}

int
journal_open(struct journal *j, const char *path, struct buf *why)
{
	const int flags = O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY |
	    O_CLOEXEC;
	const char *reason = NULL, *remedy = NULL;

	j->fd = open(path, flags | O_CREAT, 0600);
	if (j->fd != -1 && journal_check(j, &reason) == 0)
		j->append = open(path, flags | O_APPEND);
	if (j->append != -1 && flock(j->fd, LOCK_SH) == 0) {
		journal_end_line(j);
		return 0;
	}
	if (reason == NULL && sys_is_link_error(errno)) {
		reason = "it is a symbolic link";
	} else if (reason == NULL) {
		reason = strerror(errno);
		remedy = remedy_of(errno);
	}
	buf_adds(why, "the journal ");
	clean_adds(why, path, JOURNAL_TEXT);
	buf_addf(why, " can't be used: %s; %s", reason,
	    remedy != NULL ? remedy : "name another one: --journal FILE");
	journal_close(j);
	return -1;
}

void
journal_close(struct journal *j)
{
	if (j->append != -1)
		close(j->append);
	if (j->fd != -1)
		close(j->fd);
	j->fd = j->append = -1;
}

/* --- lines --------------------------------------------------------------- */

/* A field, without tabs and newlines. */
static void
journal_add_text(struct buf *b, const char *s, size_t n)
{
	buf_addc(b, '\t');
	clean_add_line(b, s, n < JOURNAL_TEXT ? n : JOURNAL_TEXT);
	if (n > JOURNAL_TEXT)
		buf_adds(b, "...");
}

static void
journal_add_relay(struct buf *b, const struct relay *r)
{
	buf_addc(b, '\t');
	if (r->class == RELAY_SMTP || r->class == RELAY_LOOPBACK)
		addr_add(b, &r->addr);
	else
		buf_adds(b, relay_class_name(r->class));
}

size_t
journal_add(struct buf *b, int64_t when, const char *action, const char *queue,
    const char *id, const struct envelope *e, const char *recipients)
{
	size_t at;

	utc_add(b, when);
	journal_add_text(b, action, strlen(action));
	/* A path is not cut: it may have to be found again. */
	buf_addc(b, '\t');
	clean_add_line(b, queue, strlen(queue));
	journal_add_text(b, id, strlen(id));
	journal_add_relay(b, &e->relay);
	if (e->sender.n != 0)
		journal_add_text(b, e->sender.p, e->sender.n);
	else
		buf_adds(b, "\t<>");
	journal_add_text(b, recipients, strlen(recipients));
	buf_addc(b, '\t');
	at = b->len;
	buf_addf(b, "%-*s\n", JOURNAL_RESULT, JOURNAL_PENDING);
	return at;
}

/* Exactly JOURNAL_RESULT bytes. */
static void
journal_result(char out[JOURNAL_RESULT], const char *result)
{
	size_t n = strlen(result);

	memset(out, ' ', JOURNAL_RESULT);
	memcpy(out, result, n < JOURNAL_RESULT ? n : JOURNAL_RESULT);
}

void
journal_set(struct buf *b, size_t at, const char *result)
{
	if (!b->oom)
		journal_result(b->data + at, result);
}

int
journal_note(struct journal *j, int64_t when, const char *what,
    const char *text)
{
	struct buf b = BUF_INIT;
	off_t unused;
	int rc;

	utc_add(&b, when);
	buf_addf(&b, "\t%s\t-\t-\t-\t-\t-\t", what);
	clean_add_line(&b, text, strcspn(text, "\n"));
	buf_addc(&b, '\n');
	rc = journal_begin(j, &b, &unused);
	buf_free(&b);
	return rc;
}

/* --- the file ------------------------------------------------------------ */

/* Writes n bytes over others. */
static int
journal_write_over(struct journal *j, const char *bytes, size_t n, off_t at)
{
	ssize_t done;

	while (n != 0) {
		done = pwrite(j->fd, bytes, n, at);
		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return -1;
		bytes += done;
		n -= (size_t)done;
		at += done;
	}
	return 0;
}

/* Marks lines of which the first n bytes were written as not done. */
static void
journal_mark_undone(struct journal *j, const struct buf *lines, size_t n,
    off_t at)
{
	const char *p = lines->data, *end = p + n, *nl;
	char result[JOURNAL_RESULT];

	journal_result(result, JOURNAL_UNDONE);
	for (; p != end && (nl = memchr(p, '\n', (size_t)(end - p))) != NULL;
	     p = nl + 1)
		if (nl - p > JOURNAL_RESULT &&
		    memcmp(nl - JOURNAL_RESULT, JOURNAL_PENDING,
			sizeof(JOURNAL_PENDING) - 1) == 0)
			(void)journal_write_over(j, result, sizeof(result),
			    at + (nl - lines->data) - JOURNAL_RESULT);
}

/*
 * Takes lines back that nobody will act on, so that there is room for fewer.
 * Another process may have added some of its own behind them, but not while
 * nobody else has the journal open.
 */
static void
journal_take_back(struct journal *j, const struct buf *lines, size_t n,
    off_t at)
{
	bool alone = flock(j->fd, LOCK_EX | LOCK_NB) == 0;

	if (!alone || ftruncate(j->fd, at) != 0) {
		journal_mark_undone(j, lines, n, at);
		j->cut = n < lines->len;
	}
	/* Refused, it may have lost the lock that it had. */
	(void)flock(j->fd, LOCK_SH);
}

/* Adds lines to the end of the file.  0 with where they are, or -1. */
static int
journal_append(struct journal *j, const struct buf *lines, off_t *at)
{
	size_t n = 0;
	ssize_t done;
	int error;

	if (j->cut)
		journal_end_line(j);
	j->cut = false;
	while (n < lines->len) {
		done = write(j->append, lines->data + n, lines->len - n);
		if (done < 0 && errno != EINTR)
			break;
		n += done > 0 ? (size_t)done : 0;
	}
	error = errno;
	*at = lseek(j->append, 0, SEEK_CUR) - (off_t)n;
	if (n == lines->len)
		return 0;
	if (n != 0)
		journal_take_back(j, lines, n, *at);
	errno = error;
	return -1;
}

int
journal_begin(struct journal *j, const struct buf *lines, off_t *at)
{
	int rc, error;

	if (lines->oom) {
		errno = ENOMEM;
		return -1;
	}
	pthread_mutex_lock(&j->lock);
	rc = journal_append(j, lines, at);
	pthread_mutex_unlock(&j->lock);
	if (rc != 0 || fdatasync(j->append) == 0)
		return rc;
	error = errno;
	/* Others of this process may have added some by now. */
	journal_mark_undone(j, lines, lines->len, *at);
	errno = error;
	return -1;
}

int
journal_end(struct journal *j, const struct buf *lines, off_t at)
{
	struct stat st;

	if (fstat(j->fd, &st) != 0)
		return -1;
	errno = ESTALE;
	if (st.st_size < at + (off_t)lines->len)
		return -1;
	return journal_write_over(j, lines->data, lines->len, at);
}

/* --- lines that stayed pending ------------------------------------------- */

/* Asks for one line, which is cut into its fields. */
static int
journal_settle_line(struct journal *j, char *line, off_t at,
    journal_settle_fn *settle, void *arg)
{
	char *field[JOURNAL_FIELDS], *next = line;
	char result[JOURNAL_RESULT];
	const char *what;
	size_t n;

	for (n = 0; n < JOURNAL_FIELDS && next != NULL; n++)
		field[n] = strsep(&next, "\t");
	if (n < JOURNAL_FIELDS || next != NULL ||
	    strlen(field[7]) != JOURNAL_RESULT ||
	    strncmp(field[7], JOURNAL_PENDING, sizeof(JOURNAL_PENDING) - 1) !=
		0)
		return 0;
	if ((what = settle(arg, field[1], field[2], field[3])) == NULL)
		return 0;
	journal_result(result, what);
	if (journal_write_over(j, result, sizeof(result),
		at + (field[7] - line)) != 0)
		return -1;
	return 1;
}

static int
journal_settle_tail(struct journal *j, char *bytes, size_t size, off_t start,
    journal_settle_fn *settle, void *arg, size_t *n)
{
	ssize_t got = fsx_read_all_at(j->fd, bytes, size, start);
	char *p = bytes, *nl;
	int rc;

	if (got < 0)
		return -1;
	/* The last line may be one that a full disk has cut. */
	while ((nl = memchr(p, '\n', (size_t)(bytes + got - p))) != NULL) {
		*nl = '\0';
		rc = 0;
		/* Nor has a line of ours the NULs that a crash leaves. */
		if (strlen(p) == (size_t)(nl - p))
			rc = journal_settle_line(j, p, start + (p - bytes),
			    settle, arg);
		if (rc < 0)
			return -1;
		*n += (size_t)rc;
		p = nl + 1;
	}
	return 0;
}

int
journal_settle(struct journal *j, journal_settle_fn *settle, void *arg,
    size_t *n)
{
	size_t size;
	struct stat st;
	char *bytes;
	int rc;

	*n = 0;
	if (flock(j->fd, LOCK_EX | LOCK_NB) != 0) {
		rc = errno == EWOULDBLOCK ? flock(j->fd, LOCK_SH) : -1;
		return rc;
	}
	if (fstat(j->fd, &st) != 0)
		return -1;
	size = st.st_size < JOURNAL_TAIL ? (size_t)st.st_size : JOURNAL_TAIL;
	if ((bytes = malloc(size + 1)) == NULL)
		return -1;
	rc = journal_settle_tail(j, bytes, size, st.st_size - (off_t)size,
	    settle, arg, n);
	free(bytes);
	return flock(j->fd, LOCK_SH) == 0 ? rc : -1;
}
