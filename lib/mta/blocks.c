/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * blocks.c - what refuses clients on this host
 *
 * Owns nothing, and cannot fail.
 */
#include "mta/blocks.h"
#include "mta/sendmail/access/block.h"

const struct block_server *
blocks_server(void)
{
	return &sendmail_block;
}
