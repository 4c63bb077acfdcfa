/* SPDX-License-Identifier: GPL-3.0-or-later */
/* signals.h - the signals that end mqc, and SIGCONT */
#ifndef TOOLS_MQC_SIGNALS_H
#define TOOLS_MQC_SIGNALS_H

#include <signal.h>
#include <stdbool.h>

#include <event2/event.h>

#define MQC_SIGNALS 4

struct mqc_signals {
	struct event *v[MQC_SIGNALS]; /* NULL: ignored */
	struct sigaction usual[MQC_SIGNALS];
};

#define MQC_SIGNALS_INIT      \
	{                     \
		.v = { NULL } \
	}

/*
 * Has on(signal, what, arg) called by the loop for SIGINT, SIGTERM, SIGHUP and
 * SIGCONT, but for those that were ignored before.  0; or -1: out of memory.
 * Close it in both cases, before the base is freed.
 */
int mqc_signals_open(struct mqc_signals *, struct event_base *,
    event_callback_fn on, void *arg);
void mqc_signals_close(struct mqc_signals *);

/*
 * Until the same with false: the loop may not come round, because a system
 * call waits for somebody else.  A signal that ends the program does so at
 * once then, with exit status 0.
 */
void mqc_signals_at_once(struct mqc_signals *, bool);

#endif
