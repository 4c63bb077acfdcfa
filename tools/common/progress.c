/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * progress.c - how far a long task is, on a terminal
 *
 * One line is written over and over.  It needs nothing but blanks and carriage
 * returns, which every terminal knows.  A line that can't be written is lost.
 */
#include <inttypes.h>

#include "base/fsx.h"
#include "base/num.h"
#include "tools/common/progress.h"

#define PROGRESS_QUIET 1000 /* milliseconds before the first line */
#define PROGRESS_EVERY 200

void
progress_start(struct progress *p)
{
	p->began = when_mono(p->clock);
	p->next = p->began + PROGRESS_QUIET;
	p->shown = 0;
}

/* ", 700/s, 3s left", as far as that is known. */
static void
progress_pace(struct buf *b, uint64_t done, uint64_t total, int64_t ms)
{
	uint64_t rate = ms > 0 ? done * 1000 / (uint64_t)ms : 0;

	if (rate == 0)
		return;
	buf_addf(b, ", %" PRIu64 "/s", rate);
	if (total > done) {
		buf_adds(b, ", ");
		num_add_duration(b,
		    (int64_t)((total - done + rate - 1) / rate));
		buf_adds(b, " left");
	}
}

void
progress_text(struct buf *b, const struct progress *p, uint64_t done,
    uint64_t total, int64_t ms)
{
	buf_addf(b, "%s: %s %" PRIu64, p->program, p->what, done);
	if (total != 0)
		buf_addf(b, " of %" PRIu64, total);
	if (p->paced)
		progress_pace(b, done, total, ms);
	else
		buf_adds(b, " ...");
}

/* Writes a line over the one before. */
static void
progress_line(struct progress *p, const struct buf *text)
{
	struct buf line = BUF_INIT;
	size_t i;

	buf_addc(&line, '\r');
	buf_add(&line, text->data, text->len);
	for (i = text->len; i < p->shown; i++)
		buf_addc(&line, ' ');
	if (text->len == 0)
		buf_addc(&line, '\r');
	if (!line.oom && fsx_write(p->fd, line.data, line.len) == 0)
		p->shown = text->len;
	buf_free(&line);
}

void
progress_show(void *arg, uint64_t done, uint64_t total)
{
	struct progress *p = arg;
	struct buf text = BUF_INIT;
	int64_t now;

	if (p->fd == -1 || (now = when_mono(p->clock)) < p->next)
		return;
	p->next = now + PROGRESS_EVERY;
	progress_text(&text, p, done, total, now - p->began);
	if (!text.oom)
		progress_line(p, &text);
	buf_free(&text);
}

void
progress_end(struct progress *p)
{
	const struct buf nothing = BUF_INIT;

	if (p->shown != 0)
		progress_line(p, &nothing);
}
