/* program: the daemon that a program's name stands for. Private to header.c. */
#ifndef PARSER_PROGRAM_H
#define PARSER_PROGRAM_H

#include "parser/header.h"

/* The last element of "postfix/submission/smtpd". */
enum daemon program_postfix(struct slice last);
/* A name without "/": "exim4", "exim-internal", "spamd". */
enum daemon program_plain(struct slice name);

#endif
