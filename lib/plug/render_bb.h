/* SPDX-License-Identifier: GPL-3.0-or-later */
/* render_bb.h - a plugin's output as a status of Big Brother and its kin */
#ifndef PLUG_RENDER_BB_H
#define PLUG_RENDER_BB_H

#include "plug/output.h"

/*
 * The whole message: Big Brother's MAXLINE is 32768.  Xymon takes more, but
 * cuts it at 256 kB on the way to its workers.
 */
#define RENDER_BB_MAX 32000

struct render_bb {
	const char *host; /* dots become commas */
	const char *column;
	int lifetime;     /* minutes; 0: the display's own */
	const char *date; /* as date(1) has it in the C locale */
	enum result_state state;
	const char *unknown; /* the colour that UNKNOWN has */
	const char *failure; /* why there is no result, or NULL */
	bool big_sister;
};

/*
 * Adds the message that reports an output:
 *
 *	status+LIFETIME HOST.COLUMN COLOUR DATE TEXT
 *	 LABEL : VALUE UOM		one a perfdata item, for Xymon's NCV
 *	 <!-- ncv_end -->
 *	 &COLOUR a sub-result
 *	 another line
 *
 * Whatever the output holds, this is one message of those lines.  What a
 * display would act on becomes harmless (clean_add_bb), every line but the
 * first begins with a blank, and only our own lines have a colour or a row: so
 * nothing becomes HTML, an icon, a row, a message, a sender or a command.  A
 * sub-result never has a worse colour than the whole.
 *
 * A number with an exponent is written without, as Xymon knows none; what would
 * be too long that way goes below ncv_end.  What is no item is named in a note.
 *
 * Rows whose names are the same to Xymon, which looks at 19 letters and digits
 * of them, would spoil the file of all: the later one goes below ncv_end.
 *
 * With failure set that is the text, and there are no rows: what the plugin
 * printed until then is no result.
 *
 * With big_sister set the message is one line: "|>" stands for the end of a
 * line (PROTOCOL of Big Sister), and there is no ncv_end.
 */
void render_bb(const struct output *, const struct render_bb *,
    struct buf *out);

#endif
