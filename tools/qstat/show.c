/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * show.c - one message's control file, made fit for a terminal
 *
 * The id is compared with the names that are there, so that none can lead out
 * of a queue.  Only the file's beginning is read, and no lock is taken: a file
 * that is being written may be shown in part.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clean.h"
#include "base/fsx.h"
#include "look/walk.h"
#include "tools/qstat/show.h"

#define QSTAT_SHOW_PATH 200
#define QSTAT_SHOW_ID   80
#define QSTAT_SHOW_TAB  8

struct qstat_show {
	struct buf *out;
	const struct mta *mta; /* of the queue that is looked at */
	const char *id;
	struct buf *why;
	size_t found;
	bool failed;
};

/* One line without its end. */
static void
qstat_show_line(struct buf *b, const char *line, size_t n)
{
	const char *tab;
	size_t part;

	if (n != 0 && line[n - 1] == '\r')
		n--;
	if (n != 0 && *line == '\t') {
		buf_addf(b, "%*s", QSTAT_SHOW_TAB, "");
		line++;
		n--;
	}
	while (n != 0) {
		tab = memchr(line, '\t', n);
		part = tab != NULL ? (size_t)(tab - line) : n;
		clean_add_line(b, line, part);
		if (tab != NULL) {
			buf_addc(b, ' ');
			part++;
		}
		line += part;
		n -= part;
	}
	buf_addc(b, '\n');
}

void
qstat_show_lines(struct buf *b, const char *bytes, size_t n)
{
	const char *end;
	size_t len;

	while (n != 0) {
		end = memchr(bytes, '\n', n);
		len = end != NULL ? (size_t)(end - bytes) : n;
		qstat_show_line(b, bytes, len);
		if (end != NULL)
			len++;
		bytes += len;
		n -= len;
	}
}

static void
qstat_show_failed(struct qstat_show *s, const struct queue_dir *dir,
    const char *name)
{
	if (!s->failed) {
		clean_adds(s->why, dir->path, QSTAT_SHOW_PATH);
		if (name != NULL) {
			buf_addc(s->why, '/');
			clean_adds(s->why, name, QSTAT_SHOW_ID);
		}
		buf_addf(s->why, " cannot be read: %s", strerror(errno));
	}
	s->failed = true;
}

static const char *
qstat_show_state(enum mta_state state)
{
	return state == MTA_HELD ? "quarantined" :
	    state == MTA_LOST    ? "lost" :
				   "queued";
}

/* Adds the file behind a descriptor.  -1 with errno. */
static int
qstat_show_fd(struct qstat_show *s, int fd, const struct queue_dir *dir,
    const char *name, enum mta_state state)
{
	char *bytes = malloc(QSTAT_SHOW_MAX);
	struct stat st;
	ssize_t n;

	if (bytes == NULL || fstat(fd, &st) != 0 ||
	    (n = fsx_read_all_at(fd, bytes, QSTAT_SHOW_MAX, 0)) < 0) {
		free(bytes);
		return -1;
	}
	if (s->found++ != 0)
		buf_addc(s->out, '\n');
	buf_adds(s->out, "== ");
	clean_adds(s->out, dir->path, QSTAT_SHOW_PATH);
	buf_addc(s->out, '/');
	clean_adds(s->out, name, QSTAT_SHOW_ID);
	buf_addf(s->out, " (%s, %" PRIdMAX " bytes)\n", qstat_show_state(state),
	    (intmax_t)st.st_size);
	qstat_show_lines(s->out, bytes, (size_t)n);
	if ((intmax_t)st.st_size > (intmax_t)n)
		buf_addf(s->out, "== cut after %zd bytes\n", n);
	free(bytes);
	return 0;
}

/* What vanished, or is no regular file, is no message. */
static void
qstat_show_file(struct qstat_show *s, int dirfd, const struct queue_dir *dir,
    const char *name, enum mta_state state)
{
	bool noatime = true;
	struct stat st;
	int fd;

	if (fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    !S_ISREG(st.st_mode))
		return;
	fd = fsx_open_at(dirfd, name, &noatime);
	if (fd == -1) {
		if (errno != ENOENT && !fsx_is_link_error(errno))
			qstat_show_failed(s, dir, name);
		return;
	}
	if (qstat_show_fd(s, fd, dir, name, state) != 0 && errno != ESPIPE &&
	    errno != EISDIR)
		qstat_show_failed(s, dir, name);
	close(fd);
}

/* Is an entry the message that is asked for, by its id or its name? */
static bool
qstat_show_is_it(const struct qstat_show *s, const struct mta_dir *kind,
    const struct walk_entry *e, enum mta_state *state)
{
	struct mta_entry entry;
	size_t n = strlen(s->id);

	s->mta->classify(kind, e->name, e->len, 0, &entry);
	*state = entry.state;
	if (entry.state == MTA_NOTHING)
		return false;
	return (entry.id.n == n && memcmp(entry.id.p, s->id, n) == 0) ||
	    strcmp(e->name, s->id) == 0;
}

/* Looks for the id in one directory of a kind. */
static void
qstat_show_dir(struct qstat_show *s, const struct queue_dir *dir,
    const struct mta_dir *kind)
{
	enum mta_state state;
	struct walk_entry e;
	struct walk walk;
	int rc;

	if (walk_open(&walk, dir, kind) != 0) {
		qstat_show_failed(s, dir, NULL);
		return;
	}
	while ((rc = walk_next(&walk, &e)) == 1)
		if (qstat_show_is_it(s, kind, &e, &state))
			qstat_show_file(s, walk.fd, dir, e.path, state);
	if (rc != 0)
		qstat_show_failed(s, dir, NULL);
	walk_close(&walk);
}

int
qstat_show_add(struct buf *b, const struct queue_list *queues, const char *id,
    struct buf *why)
{
	struct qstat_show s = {
		.out = b,
		.id = id,
		.why = why,
	};
	size_t i, j, k;

	if (*id == '\0' || strchr(id, '/') != NULL) {
		buf_adds(why, "--show '");
		clean_adds(why, id, QSTAT_SHOW_ID);
		buf_adds(why, "': expected a queue id, without a directory");
		return -1;
	}
	for (i = 0; i < queues->n; i++) {
		s.mta = queues->v[i].mta;
		for (j = 0; j < queues->v[i].ndirs; j++)
			for (k = 0; k < s.mta->ndirs; k++)
				qstat_show_dir(&s, &queues->v[i].dirs[j],
				    &s.mta->dirs[k]);
	}
	if (s.found != 0)
		return s.failed ? 1 : 0;
	if (!s.failed) {
		buf_adds(why, "no message '");
		clean_adds(why, id, QSTAT_SHOW_ID);
		buf_adds(why, "' in");
		for (i = 0; i < queues->n; i++) {
			buf_adds(why, i == 0 ? " " : ", ");
			clean_adds(why, queues->v[i].name, QSTAT_SHOW_ID);
		}
	}
	return -1;
}
