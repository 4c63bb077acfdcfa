/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * remedy.c - what to do about an error that no permission or path will mend
 *
 * Constants only.  A full disk is not among them, because only the caller knows
 * which disk it is and how much is missing.
 */
#include <errno.h>
#include <stddef.h>

#include "base/remedy.h"

const char *
remedy_of(int error)
{
	switch (error) {
	case EMFILE:
		return "raise the limit of open files: ulimit -n, or"
		       " LimitNOFILE= of its systemd unit";
	case ENFILE:
		return "the system has no open file left: end what has too"
		       " many, or raise fs.file-max";
	case ENOMEM:
		return "there is no memory left: end what takes too much, or"
		       " raise the limit (ulimit -v, MemoryMax=)";
	default:
		return NULL;
	}
}
