/*
 * buf: bytes to be written, growing; the only way that strangers' bytes reach an output.
 *
 * buf_visible and buf_json make them harmless: C0, C1, DEL, bidi controls and invalid UTF-8 come
 * out as \xHH or \u{HHHH} (terminal), or as escapes of valid JSON (invalid bytes as \\xHH text).
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/slice.h"

struct buf {
	char *p;
	unsigned n, cap;
};

void buf_free(struct buf *b);
void buf_add(struct buf *b, struct slice s);
char *buf_room(struct buf *b, size_t n);	/* for n bytes at its end; the caller moves b->n */
void buf_str(struct buf *b, const char *text);
void buf_chr(struct buf *b, char c);
void buf_fmt(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_visible(struct buf *b, struct slice s);
void buf_json(struct buf *b, struct slice s);	/* with its quotes */
void buf_base64(struct buf *b, struct slice s);	/* RFC 4648, padded, one line */
struct slice buf_slice(const struct buf *b);
/* Length of the valid UTF-8 sequence at s.p[0]; 0 when invalid. *code_r is its code point. */
unsigned utf8_next(struct slice s, uint32_t *code_r);
/* C0, C1, DEL, bidirectional and invisible controls, line separators. */
bool utf8_is_control(uint32_t code);

#endif
