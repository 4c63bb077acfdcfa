/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plugin.h - what the main file of every plugin does */
#ifndef PLUGINS_COMMON_PLUGIN_H
#define PLUGINS_COMMON_PLUGIN_H

#include "base/buf.h"
#include "base/cli.h"
#include "base/when.h"
#include "mail/queue.h"
#include "plug/render.h"
#include "plug/result.h"

#define PLUGIN_TIMEOUT 10 /* seconds, without -t; NRPE gives up at 60 */

/*
 * "SEC[:STATE]".  0; or -1 with *why a constant text that says what was
 * expected.  Without a state, *state stays as it is.
 */
int plugin_parse_timeout(const char *text, int *seconds,
    enum result_state *state, const char **why);

/*
 * Starts the alarm, which answers for the plugin when a system call does not
 * return.  Gives the deadline for the work: a little earlier, so that there
 * is time to answer.
 */
struct when_deadline plugin_start_clock(const char *service, int seconds,
    enum result_state);

/* The same for work that waits for something else: "the name server". */
struct when_deadline plugin_start_clock_of(const char *service,
    const char *what, int seconds, enum result_state);

/*
 * Fills an empty list with the queues of this machine.  0; or -1 with an
 * output that says why there are none.
 */
int plugin_find_queues(const char *service, struct queue_list *,
    const char *root, struct buf *out);

/*
 * Makes the output "SERVICE UNKNOWN - why", in the format that was asked for,
 * and returns UNKNOWN.
 */
enum result_state plugin_fail(const char *service, struct buf *out,
    const struct buf *why);
enum result_state plugin_fail_text(const char *service, struct buf *out,
    const char *why);

/* The same for options that can't be read: it adds "; see --help". */
enum result_state plugin_fail_options(const char *service, struct buf *out,
    struct buf *why);

/*
 * Makes the output of a settled result, which is freed, and returns its state.
 * NULL stands for a result that there was no memory for.
 */
enum result_state plugin_answer(const char *service, struct result *r,
    render_fn *render, int verbose, struct buf *out);

/*
 * All of main(): starts the clock, puts the options of ini files into the
 * command line, hands it to the function, which makes the output, and writes
 * that at once.  Returns the exit status.
 */
typedef enum result_state plugin_fn(int argc, char **argv, struct buf *out);
int plugin_main(const char *service, const struct cli *cli, plugin_fn *run,
    int argc, char **argv);

#endif
