/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * mqreport_send.c - where mqreport's answer goes
 *
 * A client that does not read, or reads a byte now and then, is given up.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/clean.h"
#include "base/fsx.h"
#include "base/net.h"
#include "mqreport_send.h"

#define MQREPORT_SEND_SHOWN 160

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

int
mqreport_send_file(const char *path, const struct buf *text, struct buf *why)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash != NULL ? slash + 1 : path;
	struct buf dir = BUF_INIT;
	int fd = -1, rc = -1;

	if (slash == NULL)
		buf_addc(&dir, '.');
	else
		buf_add(&dir, path, (size_t)(slash - path) + 1);
	errno = *name == '\0' ? EISDIR : ENOMEM;
	if (!dir.oom && *name != '\0')
		fd = open(buf_str(&dir), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd != -1)
		rc = fsx_replace_mode(fd, name, text->data, text->len, 0644);
	if (rc != 0) {
		buf_adds(why, "cannot write ");
		clean_adds(why, path, MQREPORT_SEND_SHOWN);
		buf_addf(why, ": %s", strerror(errno));
	}
	if (fd != -1)
		close(fd);
	buf_free(&dir);
	return rc;
}
