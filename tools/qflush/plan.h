/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plan.h - what qflush says before it does something */
#ifndef TOOLS_QFLUSH_PLAN_H
#define TOOLS_QFLUSH_PLAN_H

#include <stdint.h>

#include "base/buf.h"
#include "change/gather.h"
#include "tools/qflush/config.h"

/*
 * What would be done, and to whose messages: for each relay how many, how many
 * of them came before its flood, senders, ages.  places are those of the
 * names.
 */
void qflush_plan_add(struct buf *, const struct qflush_config *,
    const struct gather *, const struct mta_place_list *places, int64_t now);

#endif
