/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fetch.h - the reports of all hosts at once */
#ifndef TOOLS_MQC_FETCH_H
#define TOOLS_MQC_FETCH_H

#include <stddef.h>
#include <stdint.h>

#include <event2/event.h>

#include "tools/mqc/hosts.h"

/*
 * Gets the outcome of host i.  If answer is REPORT_FINE, bytes are the n bytes
 * that the host sent; they need not be a report.  Otherwise answer is a failure
 * of fleet.h, and why gives the reason.
 */
typedef void mqc_fetch_fn(void *arg, size_t i, int answer, const char *why,
    const char *bytes, size_t n);

struct mqc_fetch;

/*
 * The path in which commands are searched, and the environment that they get.
 */
struct mqc_fetch_env {
	const char *path;
	char *const *env;
};

/* base, hosts and env must outlive it.  NULL: out of memory. */
struct mqc_fetch *mqc_fetch_new(struct event_base *, const struct mqc_hosts *,
    const struct mqc_fetch_env *, mqc_fetch_fn *, void *arg);

/* Also ends the commands that still run. */
void mqc_fetch_free(struct mqc_fetch *);

/* The largest number of descriptors that mqc needs to ask so many hosts. */
size_t mqc_fetch_descriptors(size_t hosts);

/*
 * Asks all hosts.  The function is called once for each, perhaps before this
 * returns, and at the latest by mqc_fetch_stop(), which the caller has to call
 * after ms milliseconds.
 */
void mqc_fetch_start(struct mqc_fetch *, int64_t ms);
void mqc_fetch_stop(struct mqc_fetch *);

#endif
