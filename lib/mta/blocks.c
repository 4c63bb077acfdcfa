/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * blocks.c - the mail server of this host that is to refuse clients
 */
#include "mta/blocks.h"
#include "mta/sendmail/sendmail.h"

const struct mta *
blocks_mta(void)
{
	return &sendmail_mta;
}
