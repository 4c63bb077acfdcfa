/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mta.h - what the scanner must know of one mail server's queue */
#ifndef MQUEUE_MTA_H
#define MQUEUE_MTA_H

#include <stddef.h>
#include <stdint.h>

/* What a directory entry is. */
enum mta_kind {
	MTA_NOTHING,		/* not a message: a body, a lock, a log ... */
	MTA_QUEUED,		/* a message that waits for delivery */
	MTA_QUARANTINED,	/* held until someone releases it */
	MTA_LOST		/* set aside by the MTA as unusable */
};

/*
 * One MTA.  Nothing above this interface may know what its files are called.
 * All functions are pure but arrival(), and none opens a file.
 */
struct mta {
	const char	*name;

	/*
	 * Subdirectories of a queue directory that hold the control files and
	 * the bodies; where one does not exist its files are in the queue
	 * directory itself.
	 */
	const char	*control_subdir;
	const char	*body_subdir;

	/* What shows an operator the messages of each kind, one line. */
	const char	*show_queued;
	const char	*show_client;	/* queued in the client queue */
	const char	*show_quarantined;
	const char	*show_lost;

	/* By the name of an entry alone. */
	enum mta_kind	(*classify)(const char *name, size_t len);

	/*
	 * Creation time in the queue id of a control file, seconds since
	 * 1970.  now decides where the id leaves the year open.  0, or -1:
	 * no usable time in this name.
	 */
	int	(*id_time)(const char *name, size_t len, int64_t now,
		    int64_t *when);

	/*
	 * Creation time from the inodes of a message's files, for names
	 * without a time.  0, or -1 with errno; ENOENT: it left the queue.
	 */
	int	(*arrival)(int control_fd, int body_fd, const char *name,
		    int64_t *when);
};

#endif
