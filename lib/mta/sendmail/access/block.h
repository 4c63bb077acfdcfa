/* SPDX-License-Identifier: GPL-3.0-or-later */
/* block.h - sendmail as a server that refuses clients, by its access map */
#ifndef MTA_SENDMAIL_ACCESS_BLOCK_H
#define MTA_SENDMAIL_ACCESS_BLOCK_H

#include "block/block.h"

/* Its places are those of struct sendmail_access_place. */
extern const struct block_server sendmail_block;

#endif
