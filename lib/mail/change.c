/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * change.c - what can be done to a message, and what came of it
 *
 * Pure: words for the actions and results, and what an errno means for the
 * other messages of a batch.
 */
#include <errno.h>

#include "mail/change.h"

static const struct {
	const char *name, *done;
} change_actions[CHANGE_ACTIONS] = {
	[CHANGE_HOLD] = { "hold", "held" },
	[CHANGE_RELEASE] = { "release", "released" },
	[CHANGE_DELETE] = { "delete", "deleted" },
	[CHANGE_MOVE] = { "move", "moved" },
	[CHANGE_RESTORE] = { "restore", "restored" },
};

const char *
change_action_name(enum change_action action)
{
	return change_actions[action].name;
}

const char *
change_action_done(enum change_action action)
{
	return change_actions[action].done;
}

const char *
change_result_name(enum change_result result)
{
	static const char *const names[CHANGE_RESULTS] = { "done", "gone",
		"busy", "other", "incomplete", "bodiless", "refused",
		"failed" };

	return names[result];
}

bool
change_is_room(int error)
{
	switch (error) {
	case ENOSPC:
	case EDQUOT:
	case ENOMEM:
	case EMFILE:
	case ENFILE:
		return true;
	default:
		return false;
	}
}

bool
change_is_fatal(int error)
{
	return change_is_room(error) || error == EROFS || error == EIO;
}
