/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * send.c - where mqreport's answer goes
 *
 * A client that does not read, or reads very slowly, is given up.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "base/clean.h"
#include "base/fsx.h"
#include "base/net.h"
#include "report/metrics.h"
#include "tools/mqreport/send.h"

#define MQREPORT_SEND_SHOWN 160
#define MQREPORT_SEND_PROM  ".prom"
#define MQREPORT_SEND_MAX   (4 * 1024 * 1024) /* of another such file */

int
mqreport_send(int fd, const struct buf *text, const struct when_clock *clock,
    struct buf *why)
{
	struct when_deadline d = when_after(clock, MQREPORT_SEND_TIME);

	if (!net_is_socket(fd)) {
		if (fsx_write(fd, text->data, text->len) == 0)
			return 0;
		buf_addf(why, "cannot write: %s", strerror(errno));
		return -1;
	}
	if (net_write(fd, text->data, text->len, &d, why) != 0)
		return -1;
	d = when_after(clock, MQREPORT_SEND_LINGER);
	net_end(fd, &d);
	return 0;
}

static bool
mqreport_send_is_prom(const char *name)
{
	const size_t n = strlen(name), suffix = sizeof(MQREPORT_SEND_PROM) - 1;

	return n > suffix && strcmp(name + n - suffix, MQREPORT_SEND_PROM) == 0;
}

/* Has a file the same series?  Then *why says so, and what to do. */
static bool
mqreport_send_repeats(int dir, const char *name, const struct buf *text,
    struct buf *why)
{
	struct buf other = BUF_INIT, series = BUF_INIT;
	bool repeats;

	/* A file that this user cannot read may belong to another program. */
	repeats = fsx_read(dir, name, O_NOFOLLOW, MQREPORT_SEND_MAX, &other) ==
		0 &&
	    metrics_repeats(text, other.data, other.len, &series);
	if (repeats) {
		clean_adds(why, name, MQREPORT_SEND_SHOWN);
		buf_adds(why, " beside it has ");
		/* Of our own text, which is printable. */
		buf_add(why, series.data, series.len);
		buf_adds(why,
		    " as well, and no series may come twice: remove that file,"
		    " or report other queues with -q");
	}
	buf_free(&other);
	buf_free(&series);
	return repeats;
}

/* Looks at the other files that node_exporter would read. */
static bool
mqreport_send_is_twice(int dir, const char *name, const struct buf *text,
    struct buf *why)
{
	const struct dirent *e;
	bool twice = false;
	DIR *list = NULL;
	int fd;

	if (!mqreport_send_is_prom(name))
		return false;
	fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd != -1 && (list = fdopendir(fd)) == NULL)
		close(fd);
	if (list == NULL)
		return false;
	while (!twice && (e = readdir(list)) != NULL)
		twice = strcmp(e->d_name, name) != 0 &&
		    mqreport_send_is_prom(e->d_name) &&
		    mqreport_send_repeats(dir, e->d_name, text, why);
	closedir(list);
	return twice;
}

int
mqreport_send_file(const char *path, const struct buf *text, struct buf *why)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash != NULL ? slash + 1 : path;
	struct buf dir = BUF_INIT, twice = BUF_INIT;
	int fd = -1, rc = -1, error;

	if (slash == NULL)
		buf_addc(&dir, '.');
	else
		buf_add(&dir, path, (size_t)(slash - path) + 1);
	errno = *name == '\0' ? EISDIR : ENOMEM;
	if (!dir.oom && *name != '\0')
		fd = open(buf_str(&dir), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd != -1 && !mqreport_send_is_twice(fd, name, text, &twice))
		rc = fsx_replace_mode(fd, name, text->data, text->len, 0644);
	error = errno;
	if (rc != 0) {
		buf_adds(why, "cannot write ");
		clean_adds(why, path, MQREPORT_SEND_SHOWN);
		buf_addf(why, ": %s",
		    twice.len != 0 && !twice.oom ? buf_str(&twice) :
						   strerror(error));
	}
	if (fd != -1)
		close(fd);
	buf_free(&dir);
	buf_free(&twice);
	return rc;
}
