/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * scan.c - counts the messages of a queue by its directory entries
 *
 * Owns descriptors of directories only.  POSIX leaves open whether an entry
 * made or removed during the listing is seen; on ext4 and XFS those that stay
 * are seen exactly once, on tmpfs a queue whose files are renamed all the
 * time may be off by some percent.
 *
 * Limit: a getdents(2) that hangs, as on a dead NFS server, is not ended by
 * the deadline; the caller needs an alarm behind it.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fsx.h"
#include "mqueue/scan.h"

#define SCAN_CLOCK_EVERY 256 /* entries between two looks */

/* One directory while it is listed. */
struct scan_dir {
	const struct queue_dir *dir;
	DIR *control;
	int body_fd; /* -1: not needed yet */
	int error;   /* of an inode, or 0 */
	const struct scan_options *opt;
	struct scan_count *count;
};

/* Age of a queued message in seconds; false when it left the queue. */
static bool
scan_age(struct scan_dir *d, const char *name, size_t len, int64_t *age)
{
	const struct mta *mta = d->opt->mta;
	int control_fd = dirfd(d->control);
	int64_t when;

	if (mta->id_time(name, len, d->opt->now, &when) != 0) {
		if (d->body_fd == -1)
			d->body_fd = queue_open_dir(d->dir, mta->body_subdir);
		if (mta->arrival(control_fd,
			d->body_fd != -1 ? d->body_fd : control_fd, name,
			&when) != 0) {
			if (errno == ENOENT)
				return false;
			/* A message, of which no age is known. */
			d->error = errno;
			*age = 0;
			return true;
		}
	}
	/* A clock that was set back: the message is new. */
	*age = when < d->opt->now ? d->opt->now - when : 0;
	return true;
}

static bool
scan_is_file(struct scan_dir *d, const struct dirent *e)
{
	enum fsx_type type = fsx_entry_type(e);
	struct stat st;

	if (type != FSX_UNKNOWN)
		return type == FSX_FILE;
	if (fstatat(dirfd(d->control), e->d_name, &st, AT_SYMLINK_NOFOLLOW) ==
	    0)
		return S_ISREG(st.st_mode);
	if (errno != ENOENT)
		d->error = errno;
	return false;
}

/* The same is looked at again for what no queue run delivers. */
static void
scan_note(const struct scan_dir *d, enum mta_kind kind, const char *name,
    size_t len, int64_t age)
{
	if (d->opt->stranded != NULL)
		stranded_note(d->opt->stranded, kind, name, len, age);
}

static void
scan_entry(struct scan_dir *d, const struct dirent *e)
{
	struct scan_count *c = d->count;
	size_t len = strlen(e->d_name);
	enum mta_kind kind = d->opt->mta->classify(e->d_name, len);
	int64_t age;

	if (kind == MTA_NOTHING)
		scan_note(d, kind, e->d_name, len, STRANDED_NO_AGE);
	if (kind == MTA_NOTHING || !scan_is_file(d, e))
		return;
	switch (kind) {
	case MTA_QUARANTINED:
		c->quarantined++;
		scan_note(d, kind, e->d_name, len, STRANDED_NO_AGE);
		return;
	case MTA_LOST:
		c->lost++;
		return;
	default:
		break;
	}
	if (!scan_age(d, e->d_name, len, &age))
		return;
	c->queued++;
	scan_note(d, kind, e->d_name, len, age);
	if (age > c->oldest)
		c->oldest = age;
	if (age > d->opt->late_after)
		c->late++;
}

/* Lists one directory.  0 also when cut short; -1 with errno. */
static int
scan_list(struct scan_dir *d)
{
	const struct dirent *e;
	unsigned int n = 0;

	while ((errno = 0, e = readdir(d->control)) != NULL) {
		scan_entry(d, e);
		if (++n % SCAN_CLOCK_EVERY == 0 &&
		    when_passed(d->opt->deadline)) {
			d->count->cut_short = true;
			return 0;
		}
	}
	if (errno == 0)
		errno = d->error;
	return errno == 0 ? 0 : -1;
}

static int
scan_directory(const struct queue *q, const struct queue_dir *dir,
    const struct scan_options *opt, struct scan_count *count)
{
	struct scan_dir d = {
		.dir = dir,
		.body_fd = -1,
		.opt = opt,
		.count = count,
	};
	int fd, rc, error;

	if ((fd = queue_open_dir(dir, opt->mta->control_subdir)) == -1)
		return -1;
	if ((d.control = fdopendir(fd)) == NULL) {
		error = errno;
		close(fd);
		errno = error;
		return -1;
	}
	rc = scan_list(&d);
	error = errno;
	if (opt->stranded != NULL)
		stranded_look(opt->stranded, q, dir, dirfd(d.control),
		    opt->deadline);
	closedir(d.control);
	if (d.body_fd != -1)
		close(d.body_fd);
	errno = error;
	return rc;
}

void
scan_count_queue(const struct queue *q, const struct scan_options *opt,
    struct scan_count *count)
{
	size_t i;

	*count = (struct scan_count){ 0 };
	for (i = 0; i < q->ndirs && !count->cut_short; i++) {
		if (when_passed(opt->deadline)) {
			count->cut_short = true;
			break;
		}
		if (scan_directory(q, &q->dirs[i], opt, count) == 0)
			continue;
		if (count->failed++ == 0) {
			count->failed_dir = &q->dirs[i];
			count->error = errno;
		}
	}
}
