/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * text.c - the blocks of a file, as text and JSON
 *
 * Pure.
 */
#include <string.h>

#include "base/clean.h"
#include "base/utc.h"
#include "tools/common/grid.h"
#include "tools/common/json.h"
#include "tools/qblock/text.h"

#define QBLOCK_TEXT_SHOWN 200

static struct span
qblock_text_value(const struct entries *map, const struct entries_block *b)
{
	return b->n != 0 ? map->line[b->first + 1].value :
			   (struct span){ "", 0 };
}

void
qblock_text_list(struct buf *out, const struct entries *map, const char *file,
    int64_t now, size_t width)
{
	static const struct grid_column columns[] = {
		{ .title = "client" },
		{ .title = "until" },
		{ .title = "added" },
		{ .title = "by" },
		{ .title = "reply", .flex = true },
		{ .title = "reason", .flex = true },
	};
	const struct entries_block *b;
	struct span value;
	struct grid grid;
	size_t i;

	if (map->nblocks == 0) {
		buf_adds(out, "no block of qblock in ");
		clean_adds(out, file, QBLOCK_TEXT_SHOWN);
		buf_addc(out, '\n');
		return;
	}
	grid_init(&grid, columns, sizeof(columns) / sizeof(*columns));
	for (i = 0; i < map->nblocks; i++) {
		b = map->block + i;
		value = qblock_text_value(map, b);
		grid_row(&grid,
		    tag_expired(&b->tag, now) || b->n == 0 ? PAINT_WARNING :
							     PAINT_PLAIN);
		client_add(grid_cell(&grid), &b->tag.key);
		if (b->tag.until == TAG_NEVER)
			grid_text(&grid, "never");
		else if (tag_expired(&b->tag, now))
			grid_text(&grid, "over");
		else
			utc_add(grid_cell(&grid), b->tag.until);
		utc_add(grid_cell(&grid), b->tag.added);
		clean_add(grid_cell(&grid), b->tag.by.p, b->tag.by.n, TAG_BY);
		if (b->n == 0)
			grid_text(&grid, "(no entry)");
		else
			clean_add_line(grid_cell(&grid), value.p, value.n);
		clean_add(grid_cell(&grid), b->tag.reason.p, b->tag.reason.n,
		    TAG_REASON);
	}
	grid_add(out, &grid, width, false);
	grid_free(&grid);
}

#ifdef HAVE_JANSSON
static json_t *
qblock_text_line(struct span s)
{
	struct buf text = BUF_INIT;

	clean_add_line(&text, s.p, s.n);
	return tool_json_take(&text);
}

static json_t *
qblock_text_time(int64_t t)
{
	struct buf text = BUF_INIT;

	utc_add(&text, t);
	return tool_json_take(&text);
}

static json_t *
qblock_text_block(const struct entries *map, const struct entries_block *b,
    int64_t now)
{
	struct buf client = BUF_INIT;

	client_add(&client, &b->tag.key);
	return json_pack("{s:o, s:o, s:o, s:b, s:o, s:o, s:I, s:o}", "client",
	    tool_json_take(&client), "added", qblock_text_time(b->tag.added),
	    "until",
	    b->tag.until == TAG_NEVER ? json_null() :
					qblock_text_time(b->tag.until),
	    "expired", (int)tag_expired(&b->tag, now), "by",
	    qblock_text_line(b->tag.by), "reason",
	    qblock_text_line(b->tag.reason), "entries", (json_int_t)b->n,
	    "reply", qblock_text_line(qblock_text_value(map, b)));
}

int
qblock_text_json(struct buf *out, const struct entries *map, const char *file,
    int64_t now)
{
	json_t *list, *all;
	size_t i;

	tool_json_begin();
	list = json_array();
	for (i = 0; i < map->nblocks; i++)
		tool_json_push(&list,
		    qblock_text_block(map, map->block + i, now));
	all = json_pack("{s:s, s:o}", "file", file, "blocks", list);
	return tool_json_finish(out, all, JSON_INDENT(2) | JSON_ENSURE_ASCII);
}
#endif

/* --- check --------------------------------------------------------------- */

/* What decides of a client in the map, and in the text. */
struct qblock_text_found {
	struct block_entry entry; /* key.n 0: none */
	const struct entries *text;
	const struct entries_line *line; /* NULL: none */
};

static void
qblock_text_add_entry(struct buf *out, struct span key, struct span value)
{
	clean_add(out, key.p, key.n, QBLOCK_TEXT_SHOWN);
	buf_addc(out, ' ');
	clean_add_line(out, value.p, value.n);
}

/* " (line 41, until ... by root: a flood)", " (line 41, for ever by root)" */
static void
qblock_text_add_line(struct buf *out, const struct qblock_text_found *f)
{
	const struct entries_block *b = entries_owner(f->text, f->line);

	buf_addf(out, " (line %zu", f->line->number);
	if (b != NULL) {
		buf_adds(out,
		    b->tag.until == TAG_NEVER ? ", for ever" : ", until ");
		if (b->tag.until != TAG_NEVER)
			utc_add(out, b->tag.until);
		buf_adds(out, " by ");
		clean_add(out, b->tag.by.p, b->tag.by.n, TAG_BY);
		if (b->tag.reason.n != 0)
			buf_adds(out, ": ");
		clean_add(out, b->tag.reason.p, b->tag.reason.n, TAG_REASON);
	}
	buf_addc(out, ')');
}

static bool
qblock_text_agrees(const struct qblock_text_found *f)
{
	if (f->entry.key.n == 0 || f->line == NULL)
		return f->entry.key.n == 0 && f->line == NULL;
	return f->entry.value.n == f->line->value.n &&
	    memcmp(f->entry.value.p, f->line->value.p, f->line->value.n) == 0;
}

static void
qblock_text_add_otherwise(struct buf *out, const struct qblock_text_found *f)
{
	buf_adds(out, "note: the file says otherwise: ");
	if (f->line == NULL)
		buf_adds(out, "no entry");
	else
		qblock_text_add_entry(out, f->line->key, f->line->value);
	buf_adds(out, "; the map is not made from it as it is\n");
}

int
qblock_text_check(struct buf *out, const struct client *k, const char *name,
    const struct block_place *place, const struct entries *text,
    struct buf *why)
{
	static const char *const words[] = {
		[BLOCK_ADMITS] = " is let in: ",
		[BLOCK_EXEMPTS] = " is exempted: ",
		[BLOCK_REFUSES] = " is blocked: ",
		[BLOCK_TAKES] = " is not refused: ",
	};
	struct qblock_text_found f = { { { NULL, 0 }, { NULL, 0 } }, text,
		NULL };
	enum block_effect effect = BLOCK_ADMITS;

	if (place->server->says(place, k, name, &f.entry, why) != 0)
		return -1;
	f.line = place->server->decides(place, text, k, name);
	client_add(out, k);
	if (name != NULL)
		buf_addf(out, " as %s", name);
	if (f.entry.key.n == 0) {
		buf_adds(out,
		    " is not blocked: no entry of the map is for"
		    " it");
	} else {
		effect = place->server->result(place, f.entry.value);
		buf_adds(out, words[effect]);
		qblock_text_add_entry(out, f.entry.key, f.entry.value);
		if (f.line != NULL && qblock_text_agrees(&f))
			qblock_text_add_line(out, &f);
	}
	buf_addc(out, '\n');
	if (!qblock_text_agrees(&f))
		qblock_text_add_otherwise(out, &f);
	return f.entry.key.n != 0 && effect == BLOCK_REFUSES;
}
