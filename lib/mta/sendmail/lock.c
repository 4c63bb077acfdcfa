/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * lock.c - keeps every build of sendmail out of a file
 *
 * The fcntl(2) lock is one of the open file (OFD) where there is such a thing,
 * so that it isn't lost when another descriptor of the file is closed, and
 * holds among threads.  MailScanner takes fcntl(2) locks, too.
 * Source: sendmail 8.17.1 conf.c lockfile(); contrib/qtool.pl lock_file(),
 * whose probe this is.
 */
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/sys.h"
#include "mta/sendmail/lock.h"

/* What a lock that is held elsewhere makes of the two calls. */
static int
sendmail_lock_refused(void)
{
	return errno == EWOULDBLOCK || errno == EAGAIN || errno == EACCES ? 1 :
									    -1;
}

static int
sendmail_lock_fcntl(int fd)
{
	return sys_lock(fd) == 0 ? 0 : sendmail_lock_refused();
}

int
sendmail_lock_take(int fd, bool both)
{
	if (flock(fd, LOCK_EX | LOCK_NB) != 0)
		return sendmail_lock_refused();
	return both ? sendmail_lock_fcntl(fd) : 0;
}

int
sendmail_lock_probe(int dirfd, const char *name, bool *both)
{
	bool named;
	int fd = sys_new(dirfd, name, &named), rc, error;

	if (fd == -1)
		return -1;
	if ((rc = sendmail_lock_take(fd, false)) == 0)
		rc = sendmail_lock_fcntl(fd);
	*both = rc == 0;
	error = errno;
	if (named)
		unlinkat(dirfd, name, 0);
	close(fd);
	errno = error;
	return rc == -1 ? -1 : 0;
}
