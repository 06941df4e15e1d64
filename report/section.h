/*
 * section: the parts of a report by name, as --section and the tables of csv have them.
 *
 * New ones come at the end; the names are those of the keys of the JSON report where it has one.
 */
#ifndef REPORT_SECTION_H
#define REPORT_SECTION_H

enum section {
	SECTION_TOTALS, SECTION_OWN_SIDE, SECTION_SOURCES, SECTION_PROVIDERS, SECTION_NETWORKS,
	SECTION_COUNTERMEASURES, SECTION_CELLS, SECTION_DNSBL, SECTION_LISTS, SECTION_REASONS,
	SECTION_TIMELINE, SECTION_HOURS, SECTION_FUNNEL, SECTION_FLOWS, SECTION_PORT25_USERS,
	SECTION_CHANGES, SECTION_ZOMBIE_NETWORKS, SECTION_WARNINGS, SECTION_INPUT, SECTIONS
};

extern const char *const section_words[];	/* NULL at the end */

#endif
