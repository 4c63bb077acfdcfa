/* SPDX-License-Identifier: GPL-3.0-or-later */
/* send.h - a status on its way to each display */
#ifndef PLUGINS_BB_EXT_SEND_H
#define PLUGINS_BB_EXT_SEND_H

#include "base/buf.h"
#include "plugins/bb-ext/config.h"

#define BBEXT_SEND_TIMEOUT 10 /* seconds, for each display */

/*
 * Sends the message to every display of the configuration, one connection
 * each.  Returns how many it did not reach; for each of them a line that says
 * which and why is added to *errors, clean for output.
 */
size_t bbext_send(const struct bbext_config *, const struct buf *message,
    struct buf *errors);

#endif
