"""
Container kinds: what a folded container's name says it is.

    "proc 31st annual symp foundations computer science"  ->  "proceedings"

Patterns only. A new repository, publisher or meeting is a word of its pattern and one
line in tests/cases/container_names.csv.
"""

from __future__ import annotations

import re
from typing import Final

_REPOSITORY: Final = re.compile(
    r"\b(?:arxiv|biorxiv|medrxiv|chemrxiv|psyarxiv|socarxiv|engrxiv|eartharxiv|edarxiv|techrxiv|"
    r"essoar|ssrn|social science research network|repec|mpra|munich personal repec|econstor|"
    r"zenodo|figshare|hal|hal archives ouvertes|research square|preprints?|preprints org|osf|"
    r"open science framework|authorea|egusphere|citeseerx?|"
    r"pubmed central|europe pmc|digital commons|escholarship|scholarworks|repository|"
    r"repositorio|repositorium|repozytorium|eprints|dspace|opengrey|semantic scholar|"
    r"core ac uk|deepblue|diva|narcis|persee|cinii|jstor|ssoar|philpapers|philsci archive|"
    r"e prints|e print archive|data archive|dryad|dataverse|pangaea|mendeley data|"
    r"computing research repository|corr|scholarsarchive|scholarspace|institutional archive)\b"
)
_PUBLISHER: Final = re.compile(
    r"^(?:published by .*|(?:springer|elsevier|wiley|mdpi|ieee|sage|edp sciences|hindawi|intech|"
    r"frontiers media|birkhauser|world scientific|taylor and francis|oxford university press|"
    r"cambridge university press|de gruyter|walter de gruyter|informa|emerald|karger|thieme|"
    r"iop publishing|aip publishing|acm|association for computing machinery|"
    r"american (?:physical|mathematical|chemical) society|"
    r"american association for the advancement of science|"
    r"american institute of physics|royal society of chemistry|international press of boston|"
    r"society for industrial and applied mathematics|institute of mathematical statistics|"
    r"institute of electrical and electronics engineers|public library of science|"
    r"association for computational linguistics|wspc|crc press|chapman and hall|mit press|"
    r"princeton university press|inderscience|copernicus|dove|bentham science|impact journals|"
    r"ovid technologies|cold spring harbor laboratory|john benjamins|peter lang|routledge|"
    r"academic press|north holland|kluwer|kluwer academic|plenum|pergamon|blackwell)"
    r"(?: (?:bv|b v|ag|llc|ltd|inc|sa|nature|nature america|science and business media|publishing|"
    r"publications|publishers?|singapore|japan|basel|berlin|heidelberg|international|verlag|press|media|"
    r"company|co|corporation|group|us|uk|netherlands|science|sons|and sons|limited|gmbh|aps|ams|"
    r"siam|aaas|acm|ieee|business media|in|wien|new york|london|cham|dordrecht|boston|york|new|"
    r"and|switzerland))*)$"
)
_UNKNOWN: Final = re.compile(
    r"^(?:(?:publisher |journal )?unknown|n a|na|null|none|not available|unpublished|"
    r"unpublished manuscript|manuscript|submitted|in press|to appear|forthcoming|preprint|s n|s l|"
    r"no journal|test|in|the|)$"
)
_THESIS: Final = re.compile(
    r"\b(?:ph d|phd|dissertation|dissertations?|thesis|theses|doctoral|habilitation|diplomarbeit|"
    r"master s|masters thesis|proquest)\b"
)
_MEETING: Final = re.compile(
    r"\b(?:conference|conf|congress|symposium|sympos|symp|workshop|workshops|meeting|colloquium|"
    r"colloq|convention|summit|tagung|kongress|kongres|congres|congreso|congresso|convegno|"
    r"konferenz|konferentsii|konferencia|conferencia|conferenza|lecture notes|lncs)\b"
    r"|\bproc\w* (?:of )?(?:the )?(?:\d+\w*|first|second|third|int|annu)\b"
    r"|\badvances in neural information"
)
_MEETING_NAME: Final = re.compile(
    r"\b(?:focs|stoc|colt|icml|nips|neurips|sigir|sigmod|vldb|icde|kdd|aaai|ijcai|cvpr|iccv|eccv|"
    r"miccai|semeval|acl|emnlp|naacl|chi|very large data bases)\b"
)
_SURELY_JOURNAL: Final = re.compile(r"\b(?:journal|j|transactions|trans|record|magazine|letters)\b")
_PROCEEDINGS: Final = re.compile(
    r"(?:proceedings?|proc|preproceedings|actes|atti|actas|trudy|anais)\b"
)
# Proceedings of a body are its journal.
_LEARNED_BODY: Final = re.compile(
    r"\b(?:natl|national|acad|academy|royal|roy|soc|society|ieee|inst|institution|institute|"
    r"zoological|biological|entomol\w*|nutrition|steklov|indian|japan|usa|geologists)\b"
)
_BOOK: Final = re.compile(
    r"\b(?:handbook|handbuch|encyclop\w+|enzyklop\w+|textbook|lehrbuch|dictionary|lexikon|"
    r"companion to|manual of|guide to|festschrift|collected papers|essays in honou?r)\b"
)
_JOURNAL: Final = re.compile(
    r"\b(?:j|proc|journal|journals|zeitschrift|z|zh|zhurnal|annals?|annales|annalen|ann|archives?|arch|"
    r"archiv|acta|revista|rev|revue|rivista|review|reviews|letters|lett|bulletin|bull|transactions|"
    r"trans|quarterly|q|magazine|gazette|communications|commun|reports|rep|research|advances|adv|"
    r"int|intl|am|eur|br|jpn|chin|clin|exp|current opinion|curr|opin|vestnik|izvestiia|casopis|"
    r"tidsskrift|tijdschrift|wochenschr\w*|mitteilungen|anales|boletin|cuadernos|giornale|"
    r"zhi|xue bao|xuebao|plos|bmc|bmj|jama|lancet|frontiers|trends|studies|science|sciences|sci|"
    r"monthly|weekly|newsletter|med|dergisi)\b"
)


_KINDS: Final = (
    ("thesis", _THESIS),
    ("journal", _SURELY_JOURNAL),
    ("proceedings", _MEETING_NAME),
    ("book", _BOOK),
    ("journal", _JOURNAL),
)


def kind_of_container(key: str, whole: str) -> str:
    """
    The kind of a container: "" when its name does not tell, "unknown" when it is no name.

    Args:
        key: its folded name.
        whole: the folded field, with what was taken off the name.
    """
    if _UNKNOWN.match(key) or key.isdigit():
        return "unknown"
    if _PUBLISHER.match(key):
        return "publisher"
    if _REPOSITORY.search(key) and not key.startswith("journal"):
        return "repository"
    if _MEETING.search(whole) and not _LEARNED_BODY.match(key):
        return "proceedings"
    if _PROCEEDINGS.match(key):  # "Mayo Clin Proc" is a journal
        return "journal" if _LEARNED_BODY.search(key) else "proceedings"
    for kind, pattern in _KINDS:
        if pattern.search(key) or (kind == "journal" and pattern.search(whole)):
            return kind
    return ""
