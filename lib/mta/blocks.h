/* SPDX-License-Identifier: GPL-3.0-or-later */
/* blocks.h - what refuses clients on this host */
#ifndef MTA_BLOCKS_H
#define MTA_BLOCKS_H

#include "block/block.h"

/*
 * The block of this host's mail server.  struct mta does not have it, because
 * each program that only looks at queues would link all of it then.
 */
const struct block_server *blocks_server(void);

#endif
