/* SPDX-License-Identifier: GPL-3.0-or-later */
/* change.h - what can be done to a message, and what came of it */
#ifndef MAIL_CHANGE_H
#define MAIL_CHANGE_H

#include <stdbool.h>

enum change_action {
	CHANGE_HOLD,    /* keep it from delivery, in the MTA's own way */
	CHANGE_RELEASE, /* the opposite */
	CHANGE_DELETE,
	CHANGE_MOVE,    /* to where the place moves messages to */
	CHANGE_RESTORE, /* from there back home */
	CHANGE_ACTIONS,
};

enum change_result {
	CHANGE_DONE,
	CHANGE_GONE,       /* it left the queue meanwhile */
	CHANGE_BUSY,       /* another process has it, or just had */
	CHANGE_OTHER,      /* it is not what was selected, any more */
	CHANGE_INCOMPLETE, /* empty, or without its end */
	CHANGE_BODILESS,   /* its body is gone */
	CHANGE_REFUSED,    /* it is not as a message should be: why */
	CHANGE_FAILED,     /* the system said no: error */
	CHANGE_RESULTS,
};

/* "hold", "release", "delete", "move", "restore"; and "held" ... */
const char *change_action_name(enum change_action);
const char *change_action_done(enum change_action);

/*
 * "done", "gone", "busy", "other", "incomplete", "bodiless", "refused",
 * "failed".
 */
const char *change_result_name(enum change_result);

/*
 * Would the same error meet every message?  No space, a read-only file system,
 * a broken disk, no memory, no descriptors.
 */
bool change_is_fatal(int error);

/*
 * Is it one of those that a smaller batch may not meet?  No space, memory or
 * descriptors.
 */
bool change_is_room(int error);

#endif
