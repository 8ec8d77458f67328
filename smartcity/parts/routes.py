"""Every blueprint, in the order of the API document."""

from typing import Any

from smartcity.areas import routes as areas
from smartcity.audit import routes as audit_routes
from smartcity.campaigns import campaign_routes
from smartcity.campaigns import officer_routes as campaign_steps
from smartcity.campaigns import receipt_routes as push_receipts
from smartcity.campaigns import template_routes as push_templates
from smartcity.campaigns import truth_routes as campaign_truth
from smartcity.catalogue.checklists import checklist_routes
from smartcity.catalogue.checklists import page_routes as service_pages
from smartcity.catalogue.desk import link_routes as service_links
from smartcity.catalogue.desk import officer_routes as service_desk
from smartcity.catalogue.finding import path_routes
from smartcity.catalogue.finding import routes as services
from smartcity.catalogue.opening import opening_routes
from smartcity.catalogue.reading import service_routes
from smartcity.console import account_routes as console_account
from smartcity.console import campaign_routes as console_campaigns
from smartcity.console import delivery_routes as console_deliveries
from smartcity.console import routes as console
from smartcity.console import sso_routes
from smartcity.guide.events import feed_routes as event_calendars
from smartcity.guide.events.event import EVENT
from smartcity.guide.jobs.job import JOB
from smartcity.guide.notices.notice import NOTICE
from smartcity.guide.partners import officer_routes as partner_figures
from smartcity.guide.partners import opening_routes as partner_openings
from smartcity.guide.partners.partner import PARTNER
from smartcity.guide.places import board_routes as place_finder
from smartcity.guide.places import officer_routes as place_error_desk
from smartcity.guide.places import routes as place_errors
from smartcity.guide.places.place import PLACE
from smartcity.guide.prices import board_routes as price_board
from smartcity.guide.prices import desk_routes as price_desk
from smartcity.guide.prices.good import GOOD
from smartcity.guide.sky import routes as sky
from smartcity.home import bookmark_routes, card_routes, config_routes, contact_routes
from smartcity.home import routes as home_routes
from smartcity.home import search_routes as public_search
from smartcity.identity import admin_routes, federation_routes, partner_routes, session_routes
from smartcity.identity import officer_routes as own_account
from smartcity.identity import routes as identity
from smartcity.ioc import admin_routes as ioc_destinations
from smartcity.ioc import callback_routes as ioc_callbacks
from smartcity.ioc import delivery_routes as ioc_deliveries
from smartcity.ioc import feed_routes as ioc_feed
from smartcity.ioc import routes as ioc
from smartcity.ioc.reconciliation import officer_routes as reconciliations
from smartcity.media import file_routes, resumable_routes
from smartcity.media import routes as media
from smartcity.news.documents import document_routes
from smartcity.news.documents import officer_routes as document_desk
from smartcity.news.editing import article_routes as articles
from smartcity.news.editing import officer_routes as article_steps
from smartcity.news.reading import page_routes as news_pages
from smartcity.news.reading import read_routes
from smartcity.news.reading import routes as public_news
from smartcity.news.reading import syndication_routes as news_feeds
from smartcity.news.sources import source_routes
from smartcity.notices import routes as notices
from smartcity.open311 import officer_routes as open311_unplaced
from smartcity.open311 import routes as open311
from smartcity.participation.activities import desk_routes as activity_rolls
from smartcity.participation.activities import routes as volunteering
from smartcity.participation.activities.activity import ACTIVITY
from smartcity.participation.contests import officer_routes as contest_results
from smartcity.participation.contests import routes as contests
from smartcity.participation.contests.contest import CONTEST
from smartcity.participation.drafts import comment_routes as draft_comments
from smartcity.participation.drafts import officer_routes as draft_comment_desk
from smartcity.participation.drafts.draft import DRAFT
from smartcity.participation.questions import board_routes as question_board
from smartcity.participation.questions import desk_routes as question_desk
from smartcity.participation.questions import officer_routes as question_queue
from smartcity.participation.questions import routes as own_questions
from smartcity.participation.surveys import officer_routes as survey_results
from smartcity.participation.surveys import response_routes as survey_responses
from smartcity.participation.surveys.survey import SURVEY
from smartcity.participation.teams import officer_routes as team_desk
from smartcity.participation.teams import page_routes as referral_pages
from smartcity.participation.teams import routes as teams
from smartcity.privacy import officer_routes as registers
from smartcity.privacy import routes as privacy
from smartcity.push import device_routes, inbox_routes
from smartcity.push import officer_routes as push_officers
from smartcity.registers.service import board_of, desk_of
from smartcity.reports import category_routes, officer_routes
from smartcity.reports import routes as reports
from smartcity.reports.desk import admin_routes as replies
from smartcity.reports.desk import officer_routes as officer_desk
from smartcity.reports.desk import routes as comments
from smartcity.reports.desk import search_routes
from smartcity.reports.duplicates import officer_routes as duplicates_desk
from smartcity.reports.duplicates import routes as duplicates_routes
from smartcity.reports.handling import routes as handling
from smartcity.reports.intake import routes as intake
from smartcity.reports.publication import officer_routes as publication
from smartcity.reports.publication import routes as public_reports
from smartcity.reports.statistics import routes as statistics

BLUEPRINTS: list[Any] = [
    identity.blp,
    admin_routes.blp,
    partner_routes.blp,
    session_routes.blp,
    own_account.blp,
    federation_routes.blp,
    audit_routes.blp,
    areas.blp,
    category_routes.blp,
    media.blp,
    media.files,
    resumable_routes.blp,
    file_routes.blp,
    file_routes.downloads,
    reports.blp,
    officer_routes.blp,
    duplicates_routes.blp,
    duplicates_desk.blp,
    handling.blp,
    intake.blp,
    public_reports.blp,
    publication.blp,
    statistics.blp,
    statistics.root,
    public_search.blp,
    search_routes.blp,
    comments.blp,
    officer_desk.blp,
    replies.blp,
    device_routes.blp,
    inbox_routes.blp,
    push_officers.blp,
    push_receipts.blp,
    campaign_routes.blp,
    campaign_steps.blp,
    push_templates.blp,
    articles.blp,
    article_steps.blp,
    source_routes.blp,
    campaign_truth.blp,
    notices.blp,
    public_news.blp,
    read_routes.blp,
    ioc.blp,
    ioc_feed.blp,
    reconciliations.blp,
    ioc_callbacks.blp,
    ioc_destinations.blp,
    ioc_deliveries.blp,
    open311_unplaced.blp,
    privacy.blp,
    privacy.archives,
    registers.blp,
    document_routes.blp,
    document_desk.blp,
    services.blp,
    path_routes.blp,
    service_routes.blp,
    checklist_routes.blp,
    bookmark_routes.blp,
    home_routes.blp,
    card_routes.blp,
    contact_routes.blp,
    config_routes.blp,
    opening_routes.blp,
    service_desk.blp,
    service_links.blp,
    own_questions.blp,
    question_board.blp,
    question_queue.blp,
    question_desk.blp,
    teams.blp,
    team_desk.blp,
    board_of(SURVEY),
    desk_of(SURVEY),
    survey_responses.blp,
    survey_results.blp,
    board_of(DRAFT),
    desk_of(DRAFT),
    draft_comments.blp,
    draft_comment_desk.blp,
    place_finder.blp,
    place_errors.blp,
    place_error_desk.blp,
    board_of(PLACE),
    desk_of(PLACE),
    board_of(JOB),
    desk_of(JOB),
    board_of(EVENT),
    desk_of(EVENT),
    board_of(NOTICE),
    desk_of(NOTICE),
    board_of(PARTNER),
    desk_of(PARTNER),
    partner_openings.blp,
    partner_figures.blp,
    board_of(GOOD),
    desk_of(GOOD),
    price_board.blp,
    price_desk.blp,
    sky.blp,
    board_of(ACTIVITY),
    desk_of(ACTIVITY),
    volunteering.blp,
    activity_rolls.blp,
    board_of(CONTEST),
    desk_of(CONTEST),
    contests.blp,
    contest_results.blp,
]
# Open311 has a document of its own; pages and feeds are for browsers and feed readers.
OUTSIDE_THE_API: list[Any] = [
    open311.blp,
    news_feeds.blp,
    event_calendars.blp,
    news_pages.blp,
    service_pages.blp,
    referral_pages.blp,
    console.blp,
    console_account.blp,
    console_deliveries.blp,
    console_campaigns.blp,
    sso_routes.blp,
]
