/* SPDX-License-Identifier: GPL-3.0-or-later */
/* textmerge.h - check_relayflood's words for the sums of several servers */
#ifndef PLUGINS_CHECK_RELAYFLOOD_TEXTMERGE_H
#define PLUGINS_CHECK_RELAYFLOOD_TEXTMERGE_H

#include "base/buf.h"
#include "plugins/check_relayflood/config.h"
#include "plugins/check_relayflood/judgemerge.h"
#include "plugins/check_relayflood/merge.h"

/* How many servers are in the sum. */
size_t relayflood_textmerge_counted(const struct relayflood_merge *);

/* "480 of 3000 messages (16%) on 6 of 7 servers" */
void relayflood_textmerge_add_sum(struct buf *,
    const struct relayflood_config *, const struct relayflood_merge *,
    const struct relayflood_judgemerge_row *);

/* The same for the first line, with the relay before it. */
void relayflood_textmerge_add_first(struct buf *,
    const struct relayflood_config *, const struct relayflood_merge *,
    const struct relayflood_judgemerge_row *);

/* What to do about a relay that alerts. */
void relayflood_textmerge_add_advice(struct buf *,
    const struct relayflood_judgemerge_row *);

/* All messages: in a line of their own, and for the first line. */
void relayflood_textmerge_add_total(struct buf *,
    const struct relayflood_merge *);
void relayflood_textmerge_add_total_summary(struct buf *,
    const struct relayflood_merge *);

/* "server mx1", and what it reported, or why it has no part in the sum. */
void relayflood_textmerge_add_server_name(struct buf *,
    const struct relayflood_merge_server *);
void relayflood_textmerge_add_server(struct buf *,
    const struct relayflood_merge *, const struct relayflood_merge_server *);

/* For the first line: that a server is left out, and why. */
void relayflood_textmerge_add_left_out(struct buf *,
    const struct relayflood_merge *, const struct relayflood_merge_server *);

#endif
