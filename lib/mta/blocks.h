/* SPDX-License-Identifier: GPL-3.0-or-later */
/* blocks.h - the mail server of this host that is to refuse clients */
#ifndef MTA_BLOCKS_H
#define MTA_BLOCKS_H

#include "mail/mta.h"

/* It has a block. */
const struct mta *blocks_mta(void);

#endif
