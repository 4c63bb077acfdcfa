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
 * From now on the loop calls on(signal, what, arg) for SIGINT, SIGTERM, SIGHUP
 * and SIGCONT.  A signal that was ignored before stays ignored.  0; or -1: out
 * of memory.  The caller has to close it in both cases, before it frees the
 * base.
 */
int mqc_signals_open(struct mqc_signals *, struct event_base *,
    event_callback_fn on, void *arg);
void mqc_signals_close(struct mqc_signals *);

/*
 * true is for the time of a system call that may wait for somebody else for
 * long, so that the loop does not run.  A signal that ends the program ends it
 * at once during that time, with exit status 0.  false ends that time.
 */
void mqc_signals_at_once(struct mqc_signals *, bool);

#endif
