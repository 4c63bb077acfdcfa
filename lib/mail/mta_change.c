/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * mta_change.c - how the messages of one mail server are changed
 *
 * What every server's changes say when they fail.  Pure.
 */
#include <errno.h>

#include "mail/mta_change.h"

enum change_result
mta_claim_refuse(struct mta_claim *c, enum change_result result,
    const char *why)
{
	c->why = why;
	c->error = 0;
	return result;
}

enum change_result
mta_claim_fail(struct mta_claim *c, const char *why)
{
	c->why = why;
	c->error = errno;
	return c->error == ENOENT ? CHANGE_GONE : CHANGE_FAILED;
}
